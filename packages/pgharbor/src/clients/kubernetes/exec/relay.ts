import type { Socket as TcpSocket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import type { KubernetesClient } from "../connection/client";
import { explainApi } from "../connection/explain";
import { keepAliveUntilClosed, waitUntilOpen, type Socket } from "./socket";

export interface RelayEnd {
  /** The pod sent data, so the connection was established, however it ended. */
  answered: boolean;
  /** The pod accepted the connection and closed it without sending data: another pod would do the same. */
  silent: boolean;
  reason: string;
}

/** A client's connection, and the data that it sent before a pod answered. */
export interface PendingClient {
  socket: TcpSocket;
  sent: Buffer[];
  /** The listener that fills `sent`. */
  collect: (chunk: Buffer) => void;
}

/**
 * Connects a client to a port of one pod. The kubelet accepts the connection before it has connected to the port, and may report
 * a failure later. So the client's data is kept until the first answer, and can be sent again to another pod.
 */
export async function relay(
  { library, config, server }: KubernetesClient,
  { namespace, pod, port }: { namespace: string; pod: string; port: number },
  { socket, sent, collect }: PendingClient,
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
  const errors = writable((chunk) => {
    refusal += chunk.toString("utf8");
    if (chunk.length > 0) tunnel?.close();
  });
  const input = new PassThrough();
  const forwardChunk = (chunk: Buffer) => void input.write(chunk);
  const closeTunnel = () => tunnel?.close();
  try {
    const forward = new library.PortForward(config);
    const opening = forward.portForward(namespace, pod, [port], answer, errors, input);
    tunnel = await waitUntilOpen(opening as Promise<Socket>);
  } catch (error) {
    return { answered, silent: false, reason: explainApi(server, `reach ${namespace}/${pod}`, error).message };
  }
  sent.forEach(forwardChunk);
  socket.on("data", forwardChunk).on("close", closeTunnel);
  if (socket.destroyed) closeTunnel();
  const ended = await keepAliveUntilClosed(tunnel);
  socket.off("data", forwardChunk).off("close", closeTunnel);
  const silent = !answered && refusal === "";
  if (answered || silent) socket.end();
  return { answered, silent, reason: refusal.trim() || ended };
}

const writable = (take: (chunk: Buffer) => void): Writable =>
  new Writable({ write: (chunk: Buffer, _encoding, done) => (take(chunk), done()) });
