import { required } from "@pgharbor/core";
import type { Socket } from "node:net";
import { dockerEngine, sink } from "./engine";
import { openForward, withSharedForward, type Forward } from "../shared/forward";

/** A port inside of containers that are alike, by way of the engine: no port that is published, and no rule by address, is in it. */
export interface ContainerPort {
  /** The engine's address, or "" for the default. */
  engine: string;
  containers: string[];
  port: number;
}

/** Runs `work` with a port of this machine that leads to the loopback of a container, which has `socat`. */
export const withContainerForward = <T>(to: ContainerPort, work: (forward: Forward) => Promise<T>): Promise<T> =>
  withSharedForward(to, () => containerForward(to), work);

/** A connection that came to nothing was to one container, the next is to another. */
function containerForward({ engine, containers, port }: ContainerPort): Promise<Forward> {
  let next = 0;
  return openForward((socket) => {
    const container = required(containers[next++ % containers.length], "a container to go through");
    return relay(engine, container, port, socket);
  });
}

/** Returns when the connection is over; with a reason, when nothing came from the container. */
async function relay(engine: string, container: string, port: number, socket: Socket): Promise<string | undefined> {
  const docker = dockerEngine(engine);
  const exec = await docker.getContainer(container).exec({
    Cmd: ["socat", "-", `TCP4:127.0.0.1:${port}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  let complaint = "";
  docker.modem.demuxStream(
    stream,
    socket,
    sink((text) => (complaint += text)),
  );
  socket.pipe(stream);
  return new Promise((resolve) => {
    const over = () => resolve(complaint === "" ? undefined : `${container}: ${complaint.trim()}`);
    socket.on("close", () => {
      stream.destroy();
      over();
    });
    stream.on("error", () => socket.destroy()).on("end", () => socket.end());
  });
}
