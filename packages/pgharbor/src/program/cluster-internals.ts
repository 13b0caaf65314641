import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, ResolvedService } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import type { AttachedCluster, Platform } from "../platform/platform";
import type { CertificateSource } from "../platform/certificates";
import type { IdentitySource } from "../platform/identities";
import type { Passwords } from "../platform/secrets";

/** What components of one program know of a cluster besides its outputs. */
export interface ClusterInternals {
  plan: ClusterPlan;
  platform: Platform;
  attached: AttachedCluster;
  certificates: CertificateSource;
  identities: IdentitySource;
  passwords: Passwords;
  /** When this goes, everything in the databases goes: no SQL need undo it. */
  deletedWith: pulumi.Resource;
  /** Its volumes outlive it: what it is asked to make may be there already, from an earlier life of it. */
  keepsData: boolean;
  /** Services added by `PgService` so far, and where they answer. */
  added: ResolvedService[];
  addedEndpoints: pulumi.Output<ServiceEndpoint>[];
  /** Components that go with the cluster, declared so far. Its deletion guard stands before them, too. */
  beside: pulumi.Resource[];
}

// A map beside the objects: a field of a component, private or not, would become one of its outputs.
const internals = new WeakMap<object, ClusterInternals>();

export const setInternals = (cluster: object, its: ClusterInternals): void => void internals.set(cluster, its);
export const internalsOf = (cluster: object): ClusterInternals | undefined => internals.get(cluster);

/** The component goes with the cluster, where the target is one of this program. */
export const belongsTo = (target: object | undefined, component: pulumi.Resource): void =>
  void internalsOf(target ?? {})?.beside.push(component);

/** Undefined: a server of somebody else's, whose version and admin are not known. */
export const majorOf = (target: object | undefined): number | undefined =>
  internalsOf(target ?? {})?.plan.model.postgresMajor;

/** For resources of SQL: on a cluster that keeps its data, what is there already is its own. */
export const takingOver = (target: object): { takesOver?: true } =>
  internalsOf(target)?.keepsData === true ? { takesOver: true } : {};
