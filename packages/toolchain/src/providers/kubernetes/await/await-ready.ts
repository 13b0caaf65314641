import { isMissing, Unreachable, type KubeApi } from "../kube-api";
import { annotationOf, nameOf, textAt, type KubeObject } from "../kube-object";
import { NotReady, pause, statusLine, timeoutOf, type Operation } from "../operation";
import { claimReadiness } from "./claim";
import { deploymentReadiness } from "./deployment";
import { jobReadiness } from "./job";
import { podReadiness } from "./pods";
import type { Look, Readiness } from "./readiness";
import { serviceReadiness } from "./service";
import { daemonSetReadiness, quotaReadiness, secretReadiness, volumeReadiness } from "./simple-kinds";
import { statefulSetReadiness } from "./stateful-set";
import { waitForReadiness } from "./wait-for";

const READINESS: { readonly [kind: string]: Readiness } = {
  "apps/v1/DaemonSet": daemonSetReadiness,
  "apps/v1/Deployment": deploymentReadiness,
  "apps/v1/StatefulSet": statefulSetReadiness,
  "batch/v1/Job": jobReadiness,
  "v1/PersistentVolume": volumeReadiness,
  "v1/PersistentVolumeClaim": claimReadiness,
  "v1/Pod": podReadiness,
  "v1/ResourceQuota": quotaReadiness,
  "v1/Secret": secretReadiness,
  "v1/Service": serviceReadiness,
};

const POLL_MS = 500;
/** Events are asked for less often: they are words for who waits, and decide nothing. */
const EVENTS_MS = 5_000;
const SHOWN_EVENTS = 8;

/** Waits until the object is what its kind calls ready, and gives it back as it is then. */
export async function awaitReady(
  operation: Operation,
  inputs: KubeObject,
  made: KubeObject,
  before?: KubeObject,
): Promise<KubeObject> {
  const readiness = readinessOf(inputs, made);
  if (!readiness) return made;
  const { api } = operation;
  const say = statusLine(operation);
  const look = readiness.start({ api, made, before, once: false });
  const until = Date.now() + Math.min(timeoutOf(operation, inputs), readiness.maxMs ?? Infinity);
  let live = made;
  for (let eventsAt = Date.now() + EVENTS_MS; ;) {
    let found: Look;
    try {
      found = await look(live);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      found = { ready: false, status: error.message, problems: [error.message] };
    }
    if (found.ready) break;
    if (found.status) say(found.status);
    await giveUp(operation, readiness, live, found, until);
    if (Date.now() > eventsAt) {
      eventsAt = Date.now() + EVENTS_MS;
      const newest = (await warnings(api, readiness, live)).pop();
      if (newest) say(newest, "warning");
    }
    await pause(POLL_MS);
    live = await lookAgain(api, live);
  }
  operation.log.status(operation.urn, "info", "");
  return live;
}

/** Throws when there is nothing left to wait for. */
async function giveUp(operation: Operation, readiness: Readiness, live: KubeObject, found: Look, until: number) {
  const cancelled = operation.cancelled();
  if (!cancelled && !found.failed && Date.now() < until) return;
  const name = nameOf(live);
  const reasons = [...new Set([...found.problems, ...(await warnings(operation.api, readiness, live))])];
  if (cancelled) throw new NotReady(`Resource operation was cancelled for "${name}"`, live, reasons);
  if (found.failed) throw new NotReady(`Resource '${name}' was created but failed to initialize`, live, reasons);
  throw new NotReady(`'${name}' timed out waiting to be Ready`, live, reasons);
}

/** Why the object is not ready, looked at once. */
export async function readyNow(
  operation: Operation,
  inputs: KubeObject,
  live: KubeObject,
): Promise<NotReady | undefined> {
  const readiness = readinessOf(inputs, live);
  if (!readiness?.onRead) return undefined;
  const found = await readiness.start({ api: operation.api, made: live, once: true })(live);
  if (found.ready) return undefined;
  return new NotReady(`Resource '${nameOf(live)}' was created but failed to initialize`, live, found.problems);
}

function readinessOf(inputs: KubeObject, made: KubeObject): Readiness | undefined {
  if (annotationOf(inputs, "pulumi.com/skipAwait") === "true") return undefined;
  const waitFor = annotationOf(made, "pulumi.com/waitFor");
  if (waitFor) return waitForReadiness(waitFor);
  return READINESS[`${textAt(made, "apiVersion")}/${textAt(made, "kind")}`];
}

async function lookAgain(api: KubeApi, live: KubeObject): Promise<KubeObject> {
  try {
    return await api.get(live);
  } catch (error) {
    // A server that restarts comes back; the time that is left bounds the wait.
    if (error instanceof Unreachable) return live;
    if (isMissing(error))
      throw new NotReady(`'${nameOf(live)}' was deleted while waiting for it to be Ready`, live, []);
    throw error;
  }
}

/** What the cluster has reported about the object and about what belongs to it: quota, pod security, images, volumes, nodes. */
async function warnings(api: KubeApi, readiness: Readiness, live: KubeObject): Promise<string[]> {
  try {
    const objects = [live, ...((await readiness.suspects?.(api, live)) ?? [])];
    const events = (await Promise.all(objects.slice(0, SHOWN_EVENTS).map((object) => api.warningsOf(object)))).flat();
    const lines = events.map((event) => `${textAt(event, "reason")}: ${textAt(event, "message")}`);
    // The kubelet says the bare reason a second time, without the image.
    return [...new Set(lines)].filter((line) => !/^Failed: Error: \w+$/.test(line)).slice(-SHOWN_EVENTS);
  } catch {
    return [];
  }
}
