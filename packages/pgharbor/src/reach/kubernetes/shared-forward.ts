import { createHash } from "node:crypto";
import type { PodPlace } from "./client";
import { portForward, type Forward } from "./port-forward";

interface Shared {
  forward: Promise<Forward>;
  users: number;
  linger?: NodeJS.Timeout;
}

/** The resources of one deployment come one after the other: the next one need not open it anew. */
const LINGER_MS = 2000;

const open = new Map<string, Shared>();

/** One port-forward for all of this process that want the same. */
export async function withForward<T>(
  place: PodPlace,
  to: { selector: string; port: number },
  work: (forward: Forward) => Promise<T>,
): Promise<T> {
  const way = JSON.stringify([place.kubernetes.namespace, place.kubernetes.context, place.kubeconfig, to]);
  const key = createHash("sha256").update(way).digest("hex");
  const shared = open.get(key) ?? start(key, portForward(place, to.selector, to.port));
  clearTimeout(shared.linger);
  shared.users++;
  try {
    return await work(await shared.forward);
  } finally {
    if (--shared.users === 0) shared.linger = setTimeout(() => close(key, shared), LINGER_MS).unref();
  }
}

function start(key: string, forward: Promise<Forward>): Shared {
  const shared: Shared = { forward, users: 0 };
  open.set(key, shared);
  // Whoever comes after those that it has failed tries anew.
  forward.catch(() => forget(key, shared));
  return shared;
}

function forget(key: string, shared: Shared): void {
  if (open.get(key) === shared) open.delete(key);
}

function close(key: string, shared: Shared): void {
  forget(key, shared);
  shared.forward.then((forward) => forward.close()).catch(() => undefined);
}
