import type { V1ResourceQuota } from "@kubernetes/client-node";
import type { Problem } from "@pgharbor/sql";
import { add, morePods, withDefaults, type Amounts, type PodDemand } from "../../reach/kubernetes/demand";
import { limitRangeProblems } from "../../reach/kubernetes/limit-ranges";
import { listPods } from "../../reach/kubernetes/pods";
import { quantityOf } from "../../reach/kubernetes/quantities";
import { missingLimits, quotaProblems } from "../../reach/kubernetes/quota-room";
import {
  counted,
  listClaims,
  listLimitRanges,
  listNames,
  listQuotas,
  listStorageClasses,
  seen,
  type Seen,
} from "../../reach/kubernetes/surroundings";
import { podPlace } from "../../reach/place";
import type { PreflightInputs } from "./preflight";
import { defaultClass } from "./preflight-named";

/** What the namespace's ResourceQuotas and LimitRanges do not let in. What is there already asks for nothing more. */
export async function problemsOfRoom(inputs: PreflightInputs): Promise<Problem[]> {
  const place = podPlace(inputs);
  const { namespace } = place.kubernetes;
  const [quotas, ranges] = await Promise.all([
    seen("ResourceQuotas", () => listQuotas(place)),
    seen("LimitRanges", () => listLimitRanges(place)),
  ]);
  const limits = ranges?.value ?? [];
  const demands = inputs.pods.map((pod) => ({
    ...pod,
    containers: pod.containers.map((container) => withDefaults(container, limits)),
  }));
  const where = { namespace, priorityClass: inputs.priorityClass };
  const hard = quotas?.value ?? [];
  return [
    ...limitRangeProblems(limits, demands, inputs.size, namespace),
    ...(ranges === undefined ? [] : missingLimits(hard, demands, where)),
    ...(hard.length === 0 ? [] : quotaProblems(hard, await moreOf(inputs, demands, hard), where)),
  ];
}

async function moreOf(inputs: PreflightInputs, demands: PodDemand[], quotas: V1ResourceQuota[]): Promise<Amounts> {
  const place = podPlace(inputs);
  const ours = `pgharbor.cluster=${inputs.cluster}`;
  const pods = await seen("pods", () => listPods(place, ours));
  return add([
    pods === undefined ? {} : morePods(demands, pods.value),
    await moreStorage(inputs),
    await moreObjects(inputs, quotas),
  ]);
}

async function moreStorage(inputs: PreflightInputs): Promise<Amounts> {
  const place = podPlace(inputs);
  const claims = await seen("PersistentVolumeClaims", () => listClaims(place));
  if (claims === undefined) return {};
  const live = claims.value.filter(({ metadata }) => inputs.claims.includes(metadata?.name ?? ""));
  const there = live.reduce((sum, { spec }) => sum + quantityOf(spec?.resources?.requests?.storage ?? "0"), 0);
  const more: Amounts = {
    persistentvolumeclaims: inputs.claims.length - live.length,
    "requests.storage": inputs.claims.length * quantityOf(inputs.size) - there,
  };
  const its = await classOf(inputs);
  if (its === undefined) return more;
  const ofClass = Object.entries(more).map(([key, amount]) => [`${its}.storageclass.storage.k8s.io/${key}`, amount]);
  return { ...more, ...(Object.fromEntries(ofClass) as Amounts) };
}

async function classOf(inputs: PreflightInputs): Promise<string | undefined> {
  if (inputs.storageClass !== undefined) return inputs.storageClass;
  const classes = await seen("StorageClasses", () => listStorageClasses(podPlace(inputs)));
  return classes && defaultClass(classes.value);
}

/** Only kinds that some quota counts are looked at. */
async function moreObjects(inputs: PreflightInputs, quotas: V1ResourceQuota[]): Promise<Amounts> {
  const keys = quotas.flatMap((quota) => Object.keys(quota.spec?.hard ?? {}));
  const isCounted = (kind: string) =>
    keys.some((key) => key === kind || key === `count/${kind}` || key.startsWith(`${kind}.`));
  const more: Amounts = {};
  for (const kind of counted.filter(isCounted)) {
    const there: Seen<string[]> = await seen(`the number of ${kind}`, () => listNames(podPlace(inputs), kind));
    if (there === undefined) continue;
    const missing = (names: string[]) => names.filter((name) => !there.value.includes(name)).length;
    more[kind] = missing(inputs.objects[kind]);
    if (kind !== "services") continue;
    // A load balancer's Service has a port of every node too.
    more["services.nodeports"] = missing([...inputs.nodePorts, ...inputs.loadBalancers]);
    more["services.loadbalancers"] = missing(inputs.loadBalancers);
  }
  return more;
}
