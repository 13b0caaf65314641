import type { V1Deployment, V1Pod } from "@kubernetes/client-node";
import { isTerminating, nameOf, statusesOf, unscheduledCondition } from "../../clients/kubernetes/objects/pods";
import { isStuck, MOST_RESTARTS, unwellContainer } from "./pod-trouble";

export interface PodsCondition {
  state: "creating" | "running" | "failed";
  health: "healthy" | "unhealthy" | "starting" | "none";
  lastHealthAt?: string;
  /** Completes "it …". */
  reason: string;
  /** True where waiting cannot help. */
  isFinal: boolean;
}

/** Returns the condition of a Deployment and its pods. A container that has run for `settledMs` must be ready. */
export function podsCondition(deployment: V1Deployment, all: V1Pod[], now: number, settledMs?: number): PodsCondition {
  const pods = all.filter((pod) => !isTerminating(pod) && pod.status?.phase !== "Failed");
  const hasProbe = (deployment.spec?.template.spec?.containers ?? []).some((c) => c.readinessProbe !== undefined);
  const lastHealthAt = lastChange(pods);
  if (deployment.spec?.replicas === 0)
    return { state: "failed", health: "none", lastHealthAt, reason: "was scaled to zero pods", isFinal: true };
  if (isRolledOut(deployment)) {
    return { state: "running", health: hasProbe ? "healthy" : "none", lastHealthAt, reason: "runs", isFinal: false };
  }
  const stuck = firstOf(pods, stuckReason);
  if (stuck !== undefined) return { state: "failed", health: "unhealthy", lastHealthAt, ...stuck };
  const refused = refusal(deployment);
  if (refused !== undefined)
    return { state: "failed", health: "unhealthy", lastHealthAt, reason: `gets no pod: ${refused}`, isFinal: false };
  const timedOut = (deployment.status?.conditions ?? []).find((c) => c.reason === "ProgressDeadlineExceeded");
  if (timedOut !== undefined) {
    const reason = timedOut.message ?? "makes no progress";
    return { state: "failed", health: "unhealthy", lastHealthAt, reason, isFinal: true };
  }
  const unwell = isObserved(deployment) && pods.find((pod) => unwellContainer(pod, now, settledMs) !== undefined);
  if (unwell) {
    const reason = `is not ready in pod ${nameOf(unwell)}`;
    return { state: "failed", health: "unhealthy", lastHealthAt, reason, isFinal: false };
  }
  const reason = firstOf(pods, unscheduled) ?? progress(deployment);
  return { state: "creating", health: hasProbe ? "starting" : "none", lastHealthAt, reason, isFinal: false };
}

const isObserved = ({ metadata, status }: V1Deployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);

/** Every pod is updated and available. While former pods exist, the available ones may be former ones. */
export function isRolledOut(deployment: V1Deployment): boolean {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status ?? {};
  const wanted = deployment.spec?.replicas ?? 1;
  return (
    isObserved(deployment) && replicas <= updatedReplicas && Math.min(updatedReplicas, availableReplicas) >= wanted
  );
}

export const progress = ({ spec, status }: V1Deployment): string =>
  `has ${status?.availableReplicas ?? 0} of ${spec?.replicas ?? 1} pods available`;

/** Returns the reason why the API server refuses the Deployment's pods, such as a quota or pod security. */
export const refusal = ({ status }: V1Deployment): string | undefined =>
  status?.conditions?.find((c) => c.type === "ReplicaFailure" && c.status === "True")?.message;

function stuckReason(pod: V1Pod): Pick<PodsCondition, "reason" | "isFinal"> | undefined {
  for (const { name, state, restartCount } of statusesOf(pod)) {
    const waiting = state?.waiting;
    if (!isStuck(waiting?.reason)) continue;
    const reason = `does not start: container ${name} of pod ${nameOf(pod)}: ${waiting?.message ?? waiting?.reason}`;
    return { reason, isFinal: restartCount >= MOST_RESTARTS || waiting?.reason === "InvalidImageName" };
  }
  return undefined;
}

const unscheduled = (pod: V1Pod): string | undefined => {
  const condition = unscheduledCondition(pod);
  return condition && `finds no node for pod ${nameOf(pod)}: ${condition.message ?? condition.reason}`;
};

function lastChange(pods: V1Pod[]): string | undefined {
  const times = pods.flatMap((pod) => pod.status?.conditions?.filter((c) => c.type === "Ready") ?? []);
  const latest = Math.max(...times.map((c) => new Date(c.lastTransitionTime ?? 0).getTime()));
  return Number.isFinite(latest) && latest > 0 ? new Date(latest).toISOString() : undefined;
}

function firstOf<T, R>(items: T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
