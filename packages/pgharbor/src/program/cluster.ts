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
