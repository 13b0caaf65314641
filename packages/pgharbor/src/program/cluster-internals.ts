import type * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "./cluster";
import { entryOf } from "./registry";

export type { ClusterInternals };

export const registerCluster = (cluster: object, internals: ClusterInternals): void =>
  void (entryOf(cluster).cluster = internals);
export const internalsOf = (cluster: object): ClusterInternals | undefined => entryOf(cluster).cluster;

/** The component goes with the cluster, where the target is one of this program. */
export const belongsTo = (target: object | undefined, component: pulumi.Resource): void =>
  void internalsOf(target ?? {})?.beside.push(component);

/** Undefined: a server of somebody else's, whose version and admin are not known. */
export const majorOf = (target: object | undefined): number | undefined =>
  internalsOf(target ?? {})?.plan.model.postgresMajor;

/** For resources of SQL: on a cluster that keeps its data, what is there already is its own. */
export const takingOver = (target: object): { takesOver?: true } =>
  internalsOf(target)?.keepsData === true ? { takesOver: true } : {};
