import { type Explanation } from "@pgharbor/core";
import type { V1ResourceQuota } from "@kubernetes/client-node";

import type { Amounts, PodDemand } from "./demand";
import { quantityOf } from "./quantities";

/** Other names in a ResourceQuota for the same amount. */
const ALIASES: Record<string, string> = {
  cpu: "requests.cpu",
  memory: "requests.memory",
  "count/pods": "pods",
  "count/services": "services",
  "count/secrets": "secrets",
  "count/configmaps": "configmaps",
  "count/persistentvolumeclaims": "persistentvolumeclaims",
};
/** The argument that decides about an amount. */
const DECIDED_BY: Record<string, string> = {
  "requests.cpu": "resources.cpu",
  "limits.cpu": "resources.cpu",
  "requests.memory": "resources.memory",
  "limits.memory": "resources.memory",
  "requests.storage": "resources.disk",
  pods: "members",
  persistentvolumeclaims: "members",
  services: "services",
  "services.nodeports": "kubernetes.serviceType",
  "services.loadbalancers": "kubernetes.serviceType",
};
const OF_PODS = new Set(["pods", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]);

const meaningOf = (key: string): string => ALIASES[key] ?? key;
/** A quota of one StorageClass is decided by the same argument as that of all classes. */
const pathOf = (key: string): string =>
  DECIDED_BY[meaningOf(key).replace(/^.*\.storageclass\.storage\.k8s\.io\//, "")] ?? "kubernetes.namespace";

/** Finds quotas without room for `more`. Existing objects are not reported, even where they exceed a quota. */
export function quotaProblems(
  quotas: V1ResourceQuota[],
  more: Amounts,
  { namespace, priorityClass }: { namespace: string; priorityClass?: string },
): Explanation[] {
  return quotas.flatMap((quota) => {
    const forPods = countsOurPods(quota, priorityClass);
    return Object.entries(quota.status?.hard ?? quota.spec?.hard ?? {}).flatMap(([key, hard]): Explanation[] => {
      const meaning = meaningOf(key);
      const wanted = more[meaning] ?? 0;
      if (wanted <= 0 || (OF_PODS.has(meaning) && !forPods)) return [];
      const left = quantityOf(hard) - quantityOf(quota.status?.used?.[key] ?? "0");
      // Amounts of CPU are fractions.
      if (wanted <= left + 1e-6) return [];
      const value = `${formatAmount(meaning, wanted)} more where ${formatAmount(meaning, Math.max(0, left))} of ${hard} is left`;
      const problem = `does not fit the ResourceQuota ${quota.metadata?.name} of namespace ${namespace} (${key})`;
      return [{ path: pathOf(key), problem, value, fix: "raise the quota, request less, or give another namespace" }];
    });
  });
}

const ARGUMENTS = ["resources", "kubernetes.gatewayResources"] as const;

/** A quota of CPU or memory limits refuses a pod with a container that has no such limit. */
export function missingLimits(
  quotas: V1ResourceQuota[],
  demands: PodDemand[],
  { namespace, priorityClass }: { namespace: string; priorityClass?: string },
): Explanation[] {
  const limited = quotas
    .filter((quota) => countsOurPods(quota, priorityClass))
    .flatMap((quota) => Object.keys(quota.status?.hard ?? quota.spec?.hard ?? {}).map(meaningOf));
  const pairs = ["cpu", "memory"].flatMap((resource) => ARGUMENTS.map((argument) => [resource, argument] as const));
  return pairs.flatMap(([resource, argument]): Explanation[] => {
    if (!limited.includes(`limits.${resource}`)) return [];
    const without = demands
      .filter((demand) => demand.argument === argument)
      .flatMap(({ what, containers }) =>
        containers.filter(({ limits }) => limits[resource] === undefined).map(({ name }) => `${name} of ${what}`),
      );
    if (without.length === 0) return [];
    const problem = `a ResourceQuota of namespace ${namespace} (limits.${resource}) admits no container without a limit`;
    const fix = `give it, or create a LimitRange in the namespace with a default of ${resource} for containers`;
    return [{ path: `${argument}.${resource}`, problem, value: [...new Set(without)].join(", "), fix }];
  });
}

/** Our pods have requests and do not terminate: https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes */
function countsOurPods({ spec }: V1ResourceQuota, priorityClass: string | undefined): boolean {
  const plain = spec?.scopes ?? [];
  const selected = spec?.scopeSelector?.matchExpressions ?? [];
  const never = ["BestEffort", "Terminating", "CrossNamespacePodAffinity"];
  return (
    !plain.some((scope) => never.includes(scope)) &&
    selected.every(({ scopeName, operator, values = [] }) => {
      if (scopeName !== "PriorityClass") return !never.includes(scopeName);
      const isIn = values.includes(priorityClass ?? "");
      if (operator === "In") return isIn;
      if (operator === "NotIn") return !isIn;
      return (operator === "Exists") === (priorityClass !== undefined);
    })
  );
}

function formatAmount(meaning: string, amount: number): string {
  if (!/memory|storage$/.test(meaning)) return String(Math.round(amount * 1000) / 1000);
  const GIBI = 1024 ** 3;
  const [size, unit] = amount >= GIBI ? [amount / GIBI, "Gi"] : [amount / 1024 ** 2, "Mi"];
  return `${Math.round(size * 100) / 100}${unit}`;
}
