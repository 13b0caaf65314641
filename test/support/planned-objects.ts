import { containersOf, names, unitsOf, type ClusterPlan } from "@pgharbor/core";
import type { Registered } from "./mock-engine";

/** The Kubernetes objects that the plan requires, as `<kind> <name>`. Other objects of the cluster are not listed. */
export const plannedObjects = ({ model, members, gateways }: ClusterPlan): string[] => [
  ...members.map(({ name }) => `StatefulSet ${name}`),
  ...gateways.map(({ name }) => `Deployment ${name}`),
  ...[names.members(model.name), ...members.map(({ name }) => name)].map((name) => `Service ${name}`),
  ...model.services.map(({ fullName }) => `Service ${fullName}`),
];

/** The same for pgharbor's own resources. */
export const plannedHandled = (plan: ClusterPlan): string[] => [
  ...containersOf(unitsOf(plan)).map(({ name }) => `PodFiles ${name}-files`),
  ...plan.members.flatMap(({ patroni }) =>
    patroni.volumes.filter(({ data }) => data).map(({ volume }) => `MemberClaim ${volume}`),
  ),
  ...plan.members.map(({ name }) => `MemberReady ${name}-ready`),
  ...plan.gateways.map(({ name }) => `GatewayReady ${name}-ready`),
];

export const kindAndName = ({ type, name }: Registered): string => `${type.split(":").pop()} ${name}`;
