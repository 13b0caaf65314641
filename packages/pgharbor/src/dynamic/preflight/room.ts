import { type Explanation } from "@pgharbor/core";
import type { V1ResourceQuota } from "@kubernetes/client-node";

import { add, morePods, withDefaults, type Amounts, type PodDemand } from "../../clients/kubernetes/capacity/demand";
import { limitRangeProblems } from "../../clients/kubernetes/capacity/limit-ranges";
import { clusterSelector } from "../../clients/kubernetes/objects/member-pod";
import { requestedSize } from "../../clients/kubernetes/objects/claims";
import { listPods, nameOf } from "../../clients/kubernetes/objects/pods";
import { quantityOf } from "../../clients/kubernetes/capacity/quantities";
import { missingLimits, quotaProblems } from "../../clients/kubernetes/capacity/quota-room";
import { countedKinds, listLimitRanges, listNames, listQuotas } from "../../clients/kubernetes/capacity/surroundings";
import { type Permitted, unlessForbidden } from "../../clients/kubernetes/connection/unless-forbidden";
import { podLocation } from "../../clients/location";
import type { PreflightInputs } from "./inputs";
import { defaultClass, type Volumes } from "./volumes";

/** Finds what the namespace's ResourceQuotas and LimitRanges refuse. Existing objects need no additional room. */
export async function problemsOfRoom(inputs: PreflightInputs, volumes: Volumes): Promise<Explanation[]> {
  const location = podLocation(inputs);
  const { namespace } = location.kubernetes;
  const [quotas, ranges] = await Promise.all([
    unlessForbidden("ResourceQuotas", () => listQuotas(location)),
    unlessForbidden("LimitRanges", () => listLimitRanges(location)),
  ]);
  const limits = ranges?.value ?? [];
  const demands = inputs.pods.map((pod) => ({
    ...pod,
    containers: pod.containers.map((container) => withDefaults(container, limits)),
  }));
  const where = { namespace, priorityClass: inputs.priorityClass };
  const hard = quotas?.value ?? [];
  return [
    ...limitRangeProblems(limits, demands, inputs.claims, namespace),
    ...(ranges === undefined ? [] : missingLimits(hard, demands, where)),
    ...(hard.length === 0 ? [] : quotaProblems(hard, await moreOf(inputs, volumes, demands, hard), where)),
  ];
}

async function moreOf(
  inputs: PreflightInputs,
  volumes: Volumes,
  demands: PodDemand[],
  quotas: V1ResourceQuota[],
): Promise<Amounts> {
  const location = podLocation(inputs);
  const selector = clusterSelector(inputs.cluster);
  const pods = await unlessForbidden("pods", () => listPods(location, selector));
  return add([
    pods === undefined ? {} : morePods(demands, pods.value),
    moreStorage(inputs, volumes),
    await moreObjects(inputs, quotas),
  ]);
}

function moreStorage({ claims }: PreflightInputs, { classes, live }: Volumes): Amounts {
  if (live === undefined) return {};
  return add(
    claims.map(({ name, size, storageClass }) => {
      const existing = live.value.find((one) => nameOf(one) === name);
      const requested = existing === undefined ? 0 : quantityOf(requestedSize(existing));
      const more: Amounts = {
        persistentvolumeclaims: existing === undefined ? 1 : 0,
        "requests.storage": quantityOf(size) - requested,
      };
      const className = storageClass ?? (classes && defaultClass(classes.value));
      return className === undefined ? more : { ...more, ...ofClass(className, more) };
    }),
  );
}

const ofClass = (className: string, amounts: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(amounts).map(([key, amount]) => [`${className}.storageclass.storage.k8s.io/${key}`, amount]),
  );

/** Reads only the kinds that a quota counts. */
async function moreObjects(inputs: PreflightInputs, quotas: V1ResourceQuota[]): Promise<Amounts> {
  const keys = quotas.flatMap((quota) => Object.keys(quota.spec?.hard ?? {}));
  const isCounted = (kind: string) =>
    keys.some((key) => key === kind || key === `count/${kind}` || key.startsWith(`${kind}.`));
  const more: Amounts = {};
  for (const kind of countedKinds.filter(isCounted)) {
    const existing: Permitted<string[]> = await unlessForbidden(`the number of ${kind}`, () =>
      listNames(podLocation(inputs), kind),
    );
    if (existing === undefined) continue;
    const missing = (names: string[]) => names.filter((name) => !existing.value.includes(name)).length;
    more[kind] = missing(inputs.objects[kind]);
    if (kind !== "services") continue;
    // A Service of type LoadBalancer has node ports too.
    more["services.nodeports"] = missing([...inputs.nodePorts, ...inputs.loadBalancers]);
    more["services.loadbalancers"] = missing(inputs.loadBalancers);
  }
  return more;
}
