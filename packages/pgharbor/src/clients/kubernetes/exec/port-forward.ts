import type { Socket as TcpSocket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openForward, withSharedForward, type Forward } from "../../shared/forward";
import type { KubernetesClient, PodLocation } from "../connection/client";
import { kubernetesClient } from "../connection/client";
import { isReady, listPods, nameOf } from "../objects/pods";
import { relay } from "./relay";

/** A connection that finds no answering pod within this time is closed. */
const CONNECT_SECONDS = 20;
const POLL_MS = 500;

/** Runs `work` with a local port that is forwarded to a port of pods. Callers in this process share equal forwards. */
export const withPortForward = <T>(
  location: PodLocation,
  to: { selector: string; port: number },
  work: (forward: Forward) => Promise<T>,
): Promise<T> =>
  withSharedForward(
    [location.kubernetes.namespace, location.kubernetes.context, location.kubeconfig, to],
    () => portForward(location, to.selector, to.port),
    work,
  );

/**
 * Every connection goes to a ready pod of the selector, and to another one when that pod cannot be connected to, so users of the
 * port do not notice when pods come and go. Fails at once when the API server does not answer.
 */
async function portForward(location: PodLocation, selector: string, port: number): Promise<Forward> {
  const client = await kubernetesClient(location);
  await listPods(location, selector);
  return openForward((socket) => connect(client, location, { selector, port, socket }));
}

interface Connection {
  selector: string;
  port: number;
  socket: TcpSocket;
}

/** Returns when the connection has ended, with a reason where it failed. */
async function connect(
  client: KubernetesClient,
  location: PodLocation,
  { selector, port, socket }: Connection,
): Promise<string | undefined> {
  const { namespace } = location.kubernetes;
  const deadline = Date.now() + CONNECT_SECONDS * 1000;
  const sent: Buffer[] = [];
  const collect = (chunk: Buffer) => void sent.push(chunk);
  socket.on("data", collect);
  const tried = new Set<string>();
  let failure = "";
  while (Date.now() < deadline && !socket.destroyed) {
    const ready = (await listPods(location, selector)).filter(isReady).map(nameOf);
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
