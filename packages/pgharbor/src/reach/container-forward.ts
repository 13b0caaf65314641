import { createServer, type AddressInfo, type Socket } from "node:net";
import { dockerEngine } from "./docker-engine";

/** A port inside of a container, by way of the engine. */
export interface ContainerPort {
  /** The engine's address, or "" for the default. */
  engine: string;
  container: string;
  port: number;
}

/** A port of this machine that leads to the loopback of a container, for as long as `work` takes. The container has `socat`. */
export async function withContainerForward<T>(
  to: ContainerPort,
  work: (forward: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    relay(to, socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  try {
    return await work({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  } finally {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  }
}

async function relay({ engine, container, port }: ContainerPort, socket: Socket): Promise<void> {
  const docker = dockerEngine(engine);
  const exec = await docker.getContainer(container).exec({
    Cmd: ["socat", "-", `TCP4:127.0.0.1:${port}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const ignore = { write: () => true } as unknown as NodeJS.WritableStream;
  docker.modem.demuxStream(stream, socket, ignore);
  socket.pipe(stream);
  socket.on("close", () => stream.destroy());
  stream.on("error", () => socket.destroy()).on("end", () => socket.end());
}
