import { createServer, type AddressInfo, type Socket as TcpSocket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClient, PodPlace } from "./client";
import { kubernetesClient } from "./client";
import { isReady, listPods, nameOf } from "./pods";
import { relay } from "./relay";

/** A port of this machine that leads to a port of pods. */
export interface Forward {
  host: "127.0.0.1";
  port: number;
  /** Why the last connection came to nothing. */
  problem(): string | undefined;
  close(): void;
}

/** Within it a connection finds a pod that answers, or is closed. */
const CONNECT_SECONDS = 20;
const POLL_MS = 500;

/**
 * Every connection goes to a ready pod of the selector, and to another one when that one cannot be reached: whoever uses the
 * port need not know when pods come and go. Fails at once when the API server cannot be asked.
 */
export async function portForward(place: PodPlace, selector: string, port: number): Promise<Forward> {
  const client = await kubernetesClient(place);
  await listPods(place, selector);
  const sockets = new Set<TcpSocket>();
  let problem: string | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    connect(client, place, { selector, port, socket }).then(
      (failure) => (problem = failure),
      (error: Error) => {
        problem = error.message;
        socket.destroy();
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  // A connection keeps a program alive, the mere possibility of one does not.
  server.unref();
  const close = () => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port, problem: () => problem, close };
}

interface Connection {
  selector: string;
  port: number;
  socket: TcpSocket;
}

/** Returns when the connection is over; with a reason, when it came to nothing. */
async function connect(
  client: KubernetesClient,
  place: PodPlace,
  { selector, port, socket }: Connection,
): Promise<string | undefined> {
  const { namespace } = place.kubernetes;
  const deadline = Date.now() + CONNECT_SECONDS * 1000;
  const sent: Buffer[] = [];
  const collect = (chunk: Buffer) => void sent.push(chunk);
  socket.on("data", collect);
  const tried = new Set<string>();
  let failure = "";
  while (Date.now() < deadline && !socket.destroyed) {
    const ready = (await listPods(place, selector)).filter(isReady).map(nameOf);
    const pod = ready.find((name) => !tried.has(name));
    if (pod === undefined) {
      failure ||= `no pod of ${selector} in namespace ${namespace} is ready`;
      tried.clear();
      await sleep(POLL_MS);
      continue;
    }
    tried.add(pod);
    const end = await relay(client, { namespace, pod, port }, { socket, sent, collect });
    if (end.answered || end.silent) return end.answered ? undefined : end.reason;
    failure = `${pod}:${port}: ${end.reason}`;
  }
  socket.destroy();
  return failure;
}
