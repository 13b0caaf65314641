import type * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "./cluster";
import { entryOf } from "./registry";

export type { ClusterInternals };

export const registerCluster = (cluster: object, internals: ClusterInternals): void =>
  void (entryOf(cluster).cluster = internals);
export const internalsOf = (cluster: object): ClusterInternals | undefined => entryOf(cluster).cluster;

/** Registers a component with the cluster that it is deleted with, if the target is a cluster of this program. */
export const registerComponent = (target: object | undefined, component: pulumi.Resource): void =>
  void internalsOf(target ?? {})?.components.push(component);

/** Undefined for an external server, whose version is unknown. */
export const majorOf = (target: object | undefined): number | undefined =>
  internalsOf(target ?? {})?.plan.model.postgresMajor;

/** Inputs of SQL resources: a cluster that retains its data adopts the users and databases in it. */
export const adoptExisting = (target: object): { adoptsExisting?: true } =>
  internalsOf(target)?.retainsData === true ? { adoptsExisting: true } : {};
