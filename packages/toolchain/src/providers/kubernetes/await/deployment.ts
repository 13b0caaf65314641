import type { KubeApi } from "../kube-api";
import { annotationOf, listAt, namespaceOf, numberAt, textAt, valueAt, type KubeObject } from "../kube-object";
import { conditionOf, ownedBy, podProblems, podsOf } from "./pods";
import { READY, type Look, type Readiness } from "./readiness";

const REVISION = "deployment.kubernetes.io/revision";

/** Available, with the ReplicaSet of its newest revision complete and its claims bound. */
export const deploymentReadiness: Readiness = {
  onRead: true,
  start:
    ({ api, made }) =>
    async (live) => {
      const set = await newestSet(api, live);
      const look = lookAtDeployment(live, set, made);
      if (!look.ready)
        return { ...look, problems: [...look.problems, ...podProblems(set ? await podsOf(api, set) : [])] };
      const unbound = await unboundClaims(api, live);
      if (unbound.length === 0) return look;
      const problems = [`Failed to bind PersistentVolumeClaim(s): "${unbound.join(",")}"`];
      return {
        ready: false,
        status: `Waiting for PersistentVolumeClaim(s) to be bound: ${unbound.join(", ")}`,
        problems,
      };
    },
  suspects: async (api, live) => {
    const set = await newestSet(api, live);
    return set ? [set, ...(await podsOf(api, set))] : [];
  },
};

export function lookAtDeployment(live: KubeObject, set: KubeObject | undefined, made: KubeObject): Look {
  const generation = numberAt(live, "metadata", "generation");
  const seen =
    numberAt(live, "status", "observedGeneration") >= generation &&
    generation >= numberAt(made, "metadata", "generation");
  const available = seen && conditionOf(live, "Available")?.status === "True";
  const progressing = conditionOf(live, "Progressing");
  // A first revision is made, not rolled out: there is no progress to be told.
  const rolledOut =
    annotationOf(live, REVISION) === "1" ||
    (seen && progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable");
  const wanted = Number(valueAt(set, "spec", "replicas") ?? 1);
  const done = numberAt(set, "status", "readyReplicas");
  const complete = set !== undefined && done >= wanted;
  if (available && rolledOut && complete) return READY;
  return {
    ready: false,
    status: `Waiting for app ReplicaSet to be available (${done}/${wanted} Pods available)`,
    problems: [...saidBy(live), ...shortfall(available, rolledOut)],
  };
}

function shortfall(available: boolean, rolledOut: boolean): string[] {
  if (!available) return ["Minimum number of live Pods was not attained"];
  if (!rolledOut) return ["Minimum number of Pods to consider the application live was not attained"];
  return ["Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"];
}

/** Conditions in which the controller reports a failure; `ReplicaFailure` is where quota and pod security refuse pods. */
function saidBy(live: KubeObject): string[] {
  return listAt(live, "status", "conditions")
    .filter(({ type, status }) => (type === "ReplicaFailure" ? status === "True" : status === "False"))
    .map((condition) => `[${textAt(condition, "reason")}] ${textAt(condition, "message")}`);
}

async function newestSet(api: KubeApi, live: KubeObject): Promise<KubeObject | undefined> {
  const revision = annotationOf(live, REVISION);
  if (!revision) return undefined;
  const sets = await ownedBy(api, live, "apps/v1", "ReplicaSet");
  return sets.find((set) => annotationOf(set, REVISION) === revision);
}

async function unboundClaims(api: KubeApi, live: KubeObject): Promise<string[]> {
  const names = listAt(live, "spec", "template", "spec", "volumes")
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"))
    .filter(Boolean);
  if (names.length === 0) return [];
  const claims = await api.list("v1", "PersistentVolumeClaim", namespaceOf(live));
  const bound = claims.filter((claim) => textAt(claim, "status", "phase") === "Bound");
  return names.filter((name) => !bound.some((claim) => textAt(claim, "metadata", "name") === name));
}
