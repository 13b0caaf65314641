import { numberAt, textAt, valueAt, type KubeObject } from "../kube-object";
import { podProblems, podsOf } from "./pods";
import { READY, type Look, type Readiness } from "./readiness";

/** All replicas there, ready and of the newest revision. */
export const statefulSetReadiness: Readiness = {
  onRead: true,
  start:
    ({ api, made }) =>
    async (live) => {
      const look = lookAtStatefulSet(live, made);
      return look.ready ? look : { ...look, problems: [...look.problems, ...podProblems(await podsOf(api, live))] };
    },
  suspects: podsOf,
};

export function lookAtStatefulSet(live: KubeObject, made: KubeObject): Look {
  const wanted = numberAt(live, "spec", "replicas");
  const status = (name: string) => numberAt(live, "status", name);
  const generation = numberAt(live, "metadata", "generation");
  // Until the controller has seen this generation its numbers are about an earlier one.
  const seen = status("observedGeneration") >= generation && generation >= numberAt(made, "metadata", "generation");
  const current = textAt(live, "status", "currentRevision");
  const target = textAt(live, "status", "updateRevision");
  const onDelete = generation > 1 && valueAt(live, "spec", "updateStrategy", "type") === "OnDelete";
  const counted = onDelete ? ["replicas", "readyReplicas"] : ["replicas", "readyReplicas", "currentReplicas"];
  const replicasReady = seen && counted.every((name) => status(name) === wanted);
  const revisionReady = seen && (onDelete || (current !== "" && current === target));
  if (replicasReady && revisionReady) return READY;
  const done =
    current === target ? status("readyReplicas") : Math.min(status("readyReplicas"), status("updatedReplicas"));
  const problems: string[] = [];
  if (!replicasReady) problems.push(`${done} out of ${wanted} replicas succeeded readiness checks`);
  if (!revisionReady) {
    problems.push(`StatefulSet controller failed to advance from revision "${current}" to revision "${target}"`);
  }
  return { ready: false, status: statusText(generation, replicasReady, done, wanted), problems };
}

function statusText(generation: number, replicasReady: boolean, done: number, wanted: number): string {
  if (generation <= 1) return `[1/2] Waiting for StatefulSet to create Pods (${done}/${wanted} Pods ready)`;
  if (!replicasReady) return `[1/3] Waiting for StatefulSet update to roll out (${done}/${wanted} Pods ready)`;
  return "[2/3] Waiting for StatefulSet to update .status.currentRevision";
}
