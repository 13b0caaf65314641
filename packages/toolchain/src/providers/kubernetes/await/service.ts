import { isMissing, type KubeApi } from "../kube-api";
import { listAt, nameOf, namespaceOf, textAt, valueAt, type KubeObject } from "../kube-object";
import { isEmpty } from "../../protocol/values";
import { READY, type Look, type Readiness } from "./readiness";

/** How long the addresses behind a service must stay as they are. The official provider gives them ten seconds. */
const SETTLE_MS = 2_000;

/** Nobody behind it who is not ready yet, and an address from outside where one was asked for. */
export const serviceReadiness: Readiness = {
  onRead: true,
  start: ({ api, once }) => {
    let version = "";
    let since = Date.now();
    return async (live) => {
      if (!waitsForPods(live)) return hasAddress(live) ? READY : lookAtService(live, undefined, true);
      const endpoints = await endpointsOf(api, live);
      const now = textAt(endpoints, "metadata", "resourceVersion");
      if (now !== version) {
        version = now;
        since = Date.now();
      }
      const settled = once || (now !== "" && Date.now() - since >= SETTLE_MS);
      return lookAtService(live, endpoints, settled);
    };
  },
};

export function lookAtService(live: KubeObject, endpoints: KubeObject | undefined, settled: boolean): Look {
  const subsets = listAt(endpoints, "subsets");
  const pending = subsets.some((subset) => listAt(subset, "notReadyAddresses").length > 0);
  const targeted = subsets.some((subset) => listAt(subset, "addresses").length > 0);
  const waits = waitsForPods(live);
  if (hasAddress(live) && (!waits || (settled && !pending))) return READY;
  const problems: string[] = [];
  if (waits && !targeted) {
    problems.push(
      "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
    );
  }
  if (!hasAddress(live)) {
    problems.push("Service was not allocated an IP address; does your cloud provider support this?");
  }
  const status =
    targeted && settled && !hasAddress(live)
      ? "[2/3] Attempting to allocate IP address to Service"
      : "[1/3] Finding Pods to direct traffic to";
  return { ready: false, status, problems };
}

function hasAddress(live: KubeObject): boolean {
  return (
    textAt(live, "spec", "type") !== "LoadBalancer" || listAt(live, "status", "loadBalancer", "ingress").length > 0
  );
}

function waitsForPods(live: KubeObject): boolean {
  const spec = (name: string) => valueAt(live, "spec", name);
  return spec("type") !== "ExternalName" && spec("clusterIP") !== "None" && !isEmpty(spec("selector"));
}

async function endpointsOf(api: KubeApi, live: KubeObject): Promise<KubeObject | undefined> {
  const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata: { namespace: namespaceOf(live) } };
  try {
    return await api.get(endpoints, nameOf(live));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
