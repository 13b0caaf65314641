import type { V1LimitRange, V1LimitRangeItem, V1Pod } from "@kubernetes/client-node";
import { quantityOf } from "./quantities";

/** A container's requests and limits, as Kubernetes quantities. */
export interface ContainerDemand {
  name: string;
  requests: Record<string, string>;
  limits: Record<string, string>;
}
/** Equal pods. */
export interface PodDemand {
  /** For messages: `gateways`. */
  what: string;
  /** The argument that sets the amounts. */
  argument: "resources" | "kubernetes.gatewayResources";
  /** Labels of the pods that already exist. */
  labels: Record<string, string>;
  replicas: number;
  containers: ContainerDemand[];
}

/** A claim of a member, or of a repository for backups. */
export interface ClaimDemand {
  /** For messages: `the volume of a member`. */
  what: string;
  name: string;
  /** A Kubernetes quantity. */
  size: string;
  /** Absent: a default StorageClass must exist. */
  storageClass?: string;
  /** The arguments that set the size and the class. */
  sizeArgument: string;
  classArgument: string;
}

/** Amounts by their names in a ResourceQuota. */
export type Amounts = Record<string, number>;

const COMPUTE = ["cpu", "memory"] as const;

/** Adds the namespace's defaults to a container, as the API server's LimitRanger does. */
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

/** The amounts that one pod counts for in a quota. */
function countedAs(containers: ContainerDemand[]): Amounts {
  const amounts: Amounts = { pods: 1 };
  for (const resource of COMPUTE) {
    amounts[`requests.${resource}`] = sumOf(containers, "requests", resource);
    amounts[`limits.${resource}`] = sumOf(containers, "limits", resource);
  }
  return amounts;
}

/** The amounts that these pods need in addition to those of them that exist: a quota counts the existing ones already. */
export function morePods(demands: PodDemand[], live: V1Pod[]): Amounts {
  const existing = live.filter(
    ({ metadata, status }) =>
      !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
      demands.some(({ labels }) => matches(labels, metadata?.labels ?? {})),
  );
  return add([
    ...demands.flatMap(({ containers, replicas }) => Array<Amounts>(replicas).fill(countedAs(containers))),
    ...existing.map((pod) => negative(countedAs(containersOf(pod)))),
  ]);
}

const matches = (labels: Record<string, string>, podLabels: Record<string, string>): boolean =>
  Object.entries(labels).every(([key, value]) => podLabels[key] === value);

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
