import type { V1LimitRange, V1LimitRangeItem, V1Pod } from "@kubernetes/client-node";
import { quantityOf } from "./quantities";

/** What a container asks for, and may use at most, as Kubernetes writes it. */
export interface ContainerDemand {
  name: string;
  requests: Record<string, string>;
  limits: Record<string, string>;
}
/** Pods of one make. */
export interface PodDemand {
  /** For people: `gateways`. */
  what: string;
  /** What in a program says how much. */
  argument: "resources" | "kubernetes.gatewayResources";
  /** Labels that find those that are there. */
  labels: Record<string, string>;
  replicas: number;
  containers: ContainerDemand[];
}

/** Amounts by the names that a ResourceQuota has for them. */
export type Amounts = Record<string, number>;

const COMPUTE = ["cpu", "memory"] as const;

/** Containers without a figure get the namespace's, as the API server's LimitRanger gives them. */
export function withDefaults(container: ContainerDemand, ranges: V1LimitRange[]): ContainerDemand {
  let { requests, limits } = container;
  for (const item of itemsOf(ranges, "Container")) {
    limits = { ...item._default, ...limits };
    requests = { ...item.defaultRequest, ...requests };
  }
  return { ...container, requests, limits };
}

export const itemsOf = (ranges: V1LimitRange[], type: string): V1LimitRangeItem[] =>
  ranges.flatMap((range) => range.spec?.limits ?? []).filter((item) => item.type === type);

export const sumOf = (containers: ContainerDemand[], which: "requests" | "limits", resource: string): number =>
  containers.reduce((sum, container) => sum + quantityOf(container[which][resource] ?? "0"), 0);

/** What pods count for in a quota. */
function countedAs(containers: ContainerDemand[]): Amounts {
  const amounts: Amounts = { pods: 1 };
  for (const resource of COMPUTE) {
    amounts[`requests.${resource}`] = sumOf(containers, "requests", resource);
    amounts[`limits.${resource}`] = sumOf(containers, "limits", resource);
  }
  return amounts;
}

/** What pods of these kinds need more than those that are there: nothing for what is already counted. */
export function morePods(demands: PodDemand[], live: V1Pod[]): Amounts {
  const counted = live.filter(
    ({ metadata, status }) =>
      !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
      demands.some(({ labels }) => matches(labels, metadata?.labels ?? {})),
  );
  return add([
    ...demands.flatMap(({ containers, replicas }) => Array<Amounts>(replicas).fill(countedAs(containers))),
    ...counted.map((pod) => negative(countedAs(containersOf(pod)))),
  ]);
}

const matches = (labels: Record<string, string>, its: Record<string, string>): boolean =>
  Object.entries(labels).every(([key, value]) => its[key] === value);

const containersOf = (pod: V1Pod): ContainerDemand[] =>
  (pod.spec?.containers ?? []).map(({ name, resources }) => ({
    name,
    requests: resources?.requests ?? {},
    limits: resources?.limits ?? {},
  }));

export function add(all: Amounts[]): Amounts {
  const sum: Amounts = {};
  for (const amounts of all) for (const [key, amount] of Object.entries(amounts)) sum[key] = (sum[key] ?? 0) + amount;
  return sum;
}
const negative = (amounts: Amounts): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, -amount]));
