import { required } from "@pgharbor/core";
import type { Socket } from "node:net";
import { dockerEngine, sink } from "./engine";
import { openForward, withSharedForward, type Forward } from "../shared/forward";

/** A port inside equivalent containers. The engine forwards to it, so published ports and address rules do not matter. */
export interface ContainerPort {
  /** The engine's address, or "" for the default. */
  engine: string;
  containers: string[];
  port: number;
}

/** Runs `work` with a local port that is forwarded to the loopback of a container. The container has `socat`. */
export const withContainerForward = <T>(to: ContainerPort, work: (forward: Forward) => Promise<T>): Promise<T> =>
  withSharedForward(to, () => containerForward(to), work);

/** Each connection goes to the next container, so a retry after a failure uses another one. */
function containerForward({ engine, containers, port }: ContainerPort): Promise<Forward> {
  let next = 0;
  return openForward((socket) => {
    const container = required(containers[next++ % containers.length], "a container to go through");
    return relay(engine, container, port, socket);
  });
}

/** Returns when the connection has ended, with a reason where the command in the container failed. */
async function relay(engine: string, container: string, port: number, socket: Socket): Promise<string | undefined> {
  const docker = dockerEngine(engine);
  const exec = await docker.getContainer(container).exec({
    Cmd: ["socat", "-", `TCP4:127.0.0.1:${port}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  let stderr = "";
  docker.modem.demuxStream(
    stream,
    socket,
    sink((text) => (stderr += text)),
  );
  socket.pipe(stream);
  return new Promise((resolve) => {
    const ended = () => resolve(stderr === "" ? undefined : `${container}: ${stderr.trim()}`);
    socket.on("close", () => {
      stream.destroy();
      ended();
    });
    stream.on("error", () => socket.destroy()).on("end", () => socket.end());
  });
}
