import { type Explanation } from "@pgharbor/core";
import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

import { isTerminating, nameOf, statusesOf, unscheduledCondition } from "../../clients/kubernetes/objects/pods";

/** The reason why a pod does not start or become ready. */
export interface Trouble extends Explanation {
  kind: "image" | "configuration" | "crash" | "unwell" | "node" | "claim" | "volume" | "refused" | "stuck";
  /** For this long, the trouble may resolve itself. */
  patienceMs: number;
  /** The kubectl command that shows more. */
  see: string;
}

/** Waiting reasons of containers that do not resolve themselves. */
const WAITING: Record<string, Trouble["kind"]> = {
  CrashLoopBackOff: "crash",
  ImagePullBackOff: "image",
  ErrImagePull: "image",
  ErrImageNeverPull: "image",
  InvalidImageName: "image",
  CreateContainerConfigError: "configuration",
  CreateContainerError: "configuration",
  RunContainerError: "configuration",
};
export const isStuck = (reason: string | undefined): boolean => reason !== undefined && reason in WAITING;
/** A program that ends this often will not start. Until then, services that it needs may become available. */
export const MOST_RESTARTS = 3;
/** A container that is not ready this long after its start is unwell. */
const SETTLED_MS = 60_000;

/** A registry or a Secret may be available a moment later. A new node takes minutes. */
const PATIENCE_MS: Record<Trouble["kind"], number> = {
  ...{ image: 30_000, configuration: 20_000, crash: 30_000, unwell: 30_000 },
  ...{ node: 90_000, claim: 90_000, volume: 45_000, refused: 30_000, stuck: 0 },
};
const SCALING_UP_MS = 10 * 60_000;

const FIXES: Record<Trouble["kind"], string> = {
  image: "correct the image's name in images, or let nodes pull it (kubernetes.imagePullSecrets, its registry)",
  configuration: "make what it names, or correct what the program gives",
  crash: "correct the error in its log",
  unwell: "correct the error in its log",
  node: "add capacity to nodes, or request less: resources, kubernetes.scheduling",
  claim: "correct kubernetes.storage.storageClass, or see why its PersistentVolumeClaim gets no volume",
  volume: "make what it names, or correct what the program gives",
  refused: "raise the quota or change what forbids it, or ask for less: resources, members, gateways",
  stuck: "see why it waits",
};

function trouble(kind: Trouble["kind"], path: string, problem: string, value: string): Trouble {
  const { pod, container } = podContainerOf(path);
  const see = kind === "crash" || kind === "unwell" ? `logs ${pod} -c ${container}` : `describe pod ${pod}`;
  return { kind, path, problem, value, fix: FIXES[kind], patienceMs: PATIENCE_MS[kind], see };
}

/** Finds the first trouble of these pods. */
export function troubleOf(pods: V1Pod[], events: CoreV1Event[], now: number): Trouble | undefined {
  for (const pod of pods.filter((one) => !isTerminating(one))) {
    const found = containerTrouble(pod) ?? unscheduled(pod, events) ?? volumeTrouble(pod, events) ?? unwell(pod, now);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Quotes the kubelet, whose message names the image or the Secret. */
export function containerTrouble(pod: V1Pod): Trouble | undefined {
  for (const { name, image, state, lastState, restartCount } of statusesOf(pod)) {
    const { reason = "", message } = state?.waiting ?? {};
    const kind = WAITING[reason];
    if (kind === undefined || (kind === "crash" && restartCount < MOST_RESTARTS)) continue;
    const ended = lastState?.terminated;
    const why =
      kind === "crash"
        ? `status ${ended?.exitCode} at its end (${ended?.reason ?? "no reason"}), ${restartCount} times${lastLines(ended?.message)}`
        : (message ?? reason);
    const value = kind === "image" ? `${JSON.stringify(image)}: ${why}` : why;
    const found = trouble(kind, `${nameOf(pod)}/${name}`, `the container does not start (${reason})`, value);
    return reason === "InvalidImageName" ? { ...found, patienceMs: 0 } : found;
  }
  return undefined;
}

const LINES = 3;
const FAILURE = /\b(FATAL|PANIC|ERROR|CRITICAL)\b/;

/** The last failures in the end of the program's log, which the kubelet keeps in the status. */
function lastLines(message: string | undefined): string {
  const lines = (message ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const failures = lines.filter((line) => FAILURE.test(line));
  const shown = (failures.length > 0 ? failures : lines).slice(-LINES);
  return shown.length === 0 ? "" : `: ${shown.join(" / ")}`;
}

/** The scheduler checks volumes first. */
const ofClaims = /persistentvolumeclaim|storageclass|persistent volume/i;

function unscheduled(pod: V1Pod, events: CoreV1Event[]): Trouble | undefined {
  const condition = unscheduledCondition(pod);
  if (condition === undefined) return undefined;
  const value = condition.message ?? condition.reason ?? "no reason given";
  const found = ofClaims.test(value)
    ? trouble("claim", nameOf(pod), "the pod gets no volume", value)
    : trouble("node", nameOf(pod), "the pod finds no node", value);
  const isComing = events.some(({ reason }) => reason === "TriggeredScaleUp" || reason === "Nominated");
  return isComing ? { ...found, patienceMs: SCALING_UP_MS } : found;
}

/** A volume that is attached to another node is detached in time. A missing one does not appear. */
function volumeTrouble(pod: V1Pod, events: CoreV1Event[]): Trouble | undefined {
  if (statusesOf(pod).some(({ state }) => state?.running !== undefined)) return undefined;
  const message = events
    .filter(({ reason, involvedObject }) => reason === "FailedMount" && involvedObject.uid === pod.metadata?.uid)
    .map((event) => event.message ?? "")
    .find((text) => /not found|does not exist|non-existent/.test(text));
  if (message === undefined) return undefined;
  return trouble("volume", nameOf(pod), "a source of a volume of the pod is missing", message);
}

/** A container that runs and should be ready by now. */
export const unwellContainer = (pod: V1Pod, now: number, settledMs = SETTLED_MS): V1ContainerStatus | undefined =>
  (pod.status?.containerStatuses ?? []).find(
    ({ ready, state }) =>
      !ready && state?.running?.startedAt != null && now - new Date(state.running.startedAt).getTime() > settledMs,
  );

function unwell(pod: V1Pod, now: number): Trouble | undefined {
  const found = unwellContainer(pod, now);
  if (found === undefined) return undefined;
  const problem = `the container runs but is not ready ${SETTLED_MS / 1000} s after its start`;
  return trouble("unwell", `${nameOf(pod)}/${found.name}`, problem, `${found.restartCount} restarts`);
}

/** No pod is created because of a quota, pod security or a missing ServiceAccount. `workload` is `statefulset/shop-m1`. */
export const refused = (workload: string, message: string): Trouble => ({
  ...trouble("refused", workload, "no pod is created from it", message),
  see: `describe ${workload}`,
});

/** The workload takes longer than anything should. */
export const stuck = (workload: string, problem: string, value: string): Trouble => ({
  ...trouble("stuck", workload, problem, value),
  see: `describe ${workload}`,
});
