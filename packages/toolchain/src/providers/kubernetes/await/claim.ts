import type { KubeApi } from "../kube-api";
import { isMissing } from "../kube-api";
import { textAt, type KubeObject } from "../kube-object";
import { READY, type Readiness } from "./readiness";

/** Bound; or pending for good reason, because its class binds a volume only when a pod comes. */
export const claimReadiness: Readiness = {
  onRead: false,
  maxMs: 5 * 60_000,
  start: ({ api, before }) => {
    let mode: BindingMode | undefined;
    return async (live) => {
      const phase = textAt(live, "status", "phase");
      if (phase === "Bound") return READY;
      mode ??= await bindingMode(api, live);
      // An update of a claim that nobody has used yet changes nothing about that.
      if (mode.value === "WaitForFirstConsumer" && (phase === "Pending" || before)) return READY;
      const problems = [`phase is ${phase || "unknown"}`, ...(mode.problem ? [mode.problem] : [])];
      return { ready: false, status: "Waiting for PersistentVolumeClaim to be bound", problems };
    };
  },
};

interface BindingMode {
  readonly value: string;
  readonly problem?: string;
}

async function bindingMode(api: KubeApi, claim: KubeObject): Promise<BindingMode> {
  const name = textAt(claim, "spec", "storageClassName");
  if (!name) return { value: "", problem: "it names no StorageClass, and the cluster has no default one" };
  try {
    const found = await api.get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass" }, name);
    return { value: textAt(found, "volumeBindingMode") };
  } catch (error) {
    if (!isMissing(error))
      return { value: "", problem: `reading the StorageClass "${name}": ${(error as Error).message}` };
    return {
      value: "",
      problem: `the StorageClass "${name}" does not exist; the cluster has ${await knownClasses(api)}`,
    };
  }
}

async function knownClasses(api: KubeApi): Promise<string> {
  const classes = await api.list("storage.k8s.io/v1", "StorageClass", "").catch(() => []);
  return classes.map((item) => textAt(item, "metadata", "name")).join(", ") || "none";
}
