import type { Socket as TcpSocket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import type { KubernetesClient } from "../connection/client";
import { explainApi } from "../connection/explain";
import { keepAlive, opened, type Socket } from "./socket";

export interface RelayEnd {
  /** The pod sent something: this was the connection, however it ended. */
  answered: boolean;
  /** The pod took the connection and ended it without a word: another pod would be asked the same. */
  silent: boolean;
  reason: string;
}

/** A client's connection, and what it has said before anyone answered. */
export interface Waiting {
  socket: TcpSocket;
  sent: Buffer[];
  /** The listener that fills `sent`. */
  collect: (chunk: Buffer) => void;
}

/**
 * Joins a client with a port of one pod. The kubelet takes the connection before it has reached the port, and says later that
 * it could not; so what the client says is kept until the first answer, to be said again to another pod.
 */
export async function relay(
  { library, config, server }: KubernetesClient,
  { namespace, pod, port }: { namespace: string; pod: string; port: number },
  { socket, sent, collect }: Waiting,
): Promise<RelayEnd> {
  let answered = false;
  let refusal = "";
  let tunnel: Socket | undefined;
  const answer = writable((chunk) => {
    if (chunk.length === 0) return;
    if (!answered) socket.off("data", collect);
    answered = true;
    socket.write(chunk);
  });
  const refuse = writable((chunk) => {
    refusal += chunk.toString("utf8");
    if (chunk.length > 0) tunnel?.close();
  });
  const input = new PassThrough();
  const say = (chunk: Buffer) => void input.write(chunk);
  const leave = () => tunnel?.close();
  try {
    const forward = new library.PortForward(config);
    const opening = forward.portForward(namespace, pod, [port], answer, refuse, input);
    tunnel = await opened(opening as Promise<Socket>);
  } catch (error) {
    return { answered, silent: false, reason: explainApi(server, `reach ${namespace}/${pod}`, error).message };
  }
  sent.forEach(say);
  socket.on("data", say).on("close", leave);
  if (socket.destroyed) leave();
  const ended = await keepAlive(tunnel);
  socket.off("data", say).off("close", leave);
  const silent = !answered && refusal === "";
  if (answered || silent) socket.end();
  return { answered, silent, reason: refusal.trim() || ended };
}

const writable = (take: (chunk: Buffer) => void): Writable =>
  new Writable({ write: (chunk: Buffer, _encoding, done) => (take(chunk), done()) });
