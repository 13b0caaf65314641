import { isEmpty, type Value } from "../../protocol/values";
import { numberAt, textAt, valueAt, type KubeObject } from "../kube-object";
import { podProblems, podsOf } from "./pods";
import { READY, type Readiness } from "./readiness";

/** Ready by a look at the object alone. */
function simple(ready: (live: KubeObject) => boolean, status: string, maxMs?: number): Readiness {
  return {
    onRead: false,
    maxMs,
    start: () => (live) =>
      Promise.resolve(
        ready(live) ? READY : { ready: false, status, problems: [status.replace(/^Waiting/, "still waiting")] },
      ),
  };
}

export const volumeReadiness = simple(
  (live) => ["Available", "Bound"].includes(textAt(live, "status", "phase")),
  "Waiting for PersistentVolume to be available",
  5 * 60_000,
);

export const quotaReadiness = simple(
  (live) => same(valueAt(live, "spec", "hard"), valueAt(live, "status", "hard")),
  "Waiting for ResourceQuota to be counted",
  60_000,
);

/** A controller fills in the token of such a secret; all others are as they were written. */
export const secretReadiness = simple(
  (live) => live.type !== "kubernetes.io/service-account-token" || !isEmpty(live.data),
  "Waiting for the token of the ServiceAccount",
  5_000,
);

export const daemonSetReadiness: Readiness = {
  onRead: true,
  start:
    ({ api }) =>
    async (live) => {
      const status = (name: string) => numberAt(live, "status", name);
      const wanted = status("desiredNumberScheduled");
      const seen = status("observedGeneration") >= numberAt(live, "metadata", "generation");
      if (seen && status("updatedNumberScheduled") >= wanted && status("numberReady") >= wanted) return READY;
      return {
        ready: false,
        status: `Waiting for DaemonSet update to roll out (${status("numberReady")}/${wanted} Pods ready)`,
        problems: [`${status("numberReady")} out of ${wanted} Pods are ready`, ...podProblems(await podsOf(api, live))],
      };
    },
  suspects: podsOf,
};

function same(left: Value | undefined, right: Value | undefined): boolean {
  const sorted = (value: Value | undefined) => JSON.stringify(Object.entries(value ?? {}).sort());
  return sorted(left) === sorted(right);
}
