import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan, ResolvedService } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import type { ClusterResources, Platform } from "../platform/platform";
import type { CertificateSource } from "../platform/certificates";
import type { IdentitySource } from "../platform/identities";
import type { Passwords } from "../platform/secrets";

/** Facts about a cluster that components of the same program share, besides its outputs. */
export interface ClusterInternals {
  plan: ClusterPlan;
  platform: Platform;
  resources: ClusterResources;
  certificates: CertificateSource;
  identities: IdentitySource;
  passwords: Passwords;
  /** SQL resources are `deletedWith` this: no SQL has to undo them, because the databases are deleted too. */
  deletedWith: pulumi.Resource;
  /** True if volumes outlive the cluster, so that users and databases may already exist. */
  retainsData: boolean;
  /** Services that `PgService` has added so far, and their endpoints. */
  addedServices: ResolvedService[];
  addedEndpoints: pulumi.Output<ServiceEndpoint>[];
  /** Components declared on the cluster so far. Its deletion guard also covers them. */
  components: pulumi.Resource[];
}
