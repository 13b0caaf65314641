import type { KubeApi } from "../kube-api";
import { idOf, listAt, namespaceOf, nameOf, numberAt, textAt, uidOf, valueAt, type KubeObject } from "../kube-object";
import { isObject, type Properties } from "../../protocol/values";
import { READY, type Look, type Readiness } from "./readiness";

export const podReadiness: Readiness = {
  onRead: true,
  start: () => (live) => Promise.resolve(lookAtPod(live)),
};

/** Scheduled, initialized, ready: the first of these that is missing, and what the containers say. */
export function lookAtPod(pod: KubeObject): Look {
  const title = titleOf(pod);
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status !== "True") {
    const message = textAt(scheduled, "message");
    const problems = message ? [`[Pod ${title}]: [${textAt(scheduled, "reason")}] ${message}`] : [];
    return { ready: false, status: `Waiting for Pod "${title}" to be scheduled`, problems };
  }
  for (const [type, aim] of [
    ["Initialized", "initialized"],
    ["Ready", "ready"],
  ] as const) {
    const condition = conditionOf(pod, type);
    if (condition?.status === "True") continue;
    if (type === "Ready" && textAt(pod, "status", "phase") === "Succeeded") continue;
    return { ready: false, status: `Waiting for Pod "${title}" to be ${aim}`, problems: problemsOf(pod, condition) };
  }
  return READY;
}

function problemsOf(pod: KubeObject, condition: Properties | undefined): string[] {
  const containers = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")];
  const said = [textAt(condition, "message"), ...containers.flatMap(containerProblems)].filter(Boolean);
  return said.length > 0 ? [`[Pod ${titleOf(pod)}]: ${said.join(" ")}`] : [];
}

/** In the kubelet's words, which name the image where pulling it failed. */
function containerProblems(status: Properties): string[] {
  if (status.ready === true) return [];
  const waiting = valueAt(status, "state", "waiting");
  const terminated = valueAt(status, "state", "terminated");
  const last = valueAt(status, "lastState", "terminated");
  const name = textAt(status, "name");
  const problems: string[] = [];
  const reason = textAt(waiting, "reason");
  if (reason && !["ContainerCreating", "PodInitializing"].includes(reason)) {
    problems.push(
      `[${reason}] ${textAt(waiting, "message") || `container "${name}" with image ${textAt(status, "image")}`}`,
    );
  }
  if (textAt(terminated, "reason") && textAt(terminated, "reason") !== "Completed") {
    const message = textAt(terminated, "message");
    problems.push(
      `container "${name}" completed with exit code ${numberAt(terminated, "exitCode")}${message && `: ${message}`}`,
    );
  }
  if (isObject(last)) {
    const message = textAt(last, "message");
    problems.push(
      `container "${name}" terminated at ${textAt(last, "finishedAt")} (${textAt(last, "reason")}: exit code ${numberAt(last, "exitCode")})` +
        (message && `: ${message}`),
    );
  }
  return problems;
}

export function conditionOf(object: KubeObject, type: string): Properties | undefined {
  return listAt(object, "status", "conditions").find((condition) => condition.type === type);
}

/** The name alone in the default namespace, as the official provider writes it. */
function titleOf(object: KubeObject): string {
  return namespaceOf(object) === "default" ? nameOf(object) : idOf(object);
}

/** Everything of a kind that one owner has made, found by the labels that the owner selects by. */
export async function ownedBy(
  api: KubeApi,
  owner: KubeObject,
  apiVersion: string,
  kind: string,
): Promise<KubeObject[]> {
  const labels = valueAt(owner, "spec", "selector", "matchLabels");
  const labelSelector = isObject(labels)
    ? Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(",")
    : undefined;
  const found = await api.list(apiVersion, kind, namespaceOf(owner), { labelSelector });
  return found
    .filter((item) => listAt(item, "metadata", "ownerReferences").some((reference) => reference.uid === uidOf(owner)))
    .map((item) => ({ apiVersion, kind, ...item }));
}

export function podsOf(api: KubeApi, owner: KubeObject): Promise<KubeObject[]> {
  return ownedBy(api, owner, "v1", "Pod");
}

export function podProblems(pods: KubeObject[]): string[] {
  return pods.flatMap((pod) => lookAtPod(pod).problems);
}
