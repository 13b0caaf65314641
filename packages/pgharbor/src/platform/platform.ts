import type * as pulumi from "@pulumi/pulumi";
import type {
  BindingSecretSpec,
  ClusterPlan,
  ImageRole,
  PasswordSecretSpec,
  ResolvedService,
  ServicePlan,
  SupportingServiceSpec,
} from "@pgharbor/core";
import type { ConnectionParts } from "../outputs/connection-strings";
import type { ServiceEndpoint } from "../outputs/endpoint";
import type { ServiceInstance } from "../outputs/service-instance";
import type { CertificateSource } from "./certificates";
import type { Passwords } from "./secrets";
import type { AdminRoute } from "./sql/admin-connection";
import type { DeferredOutputs } from "./deferred-values";

/** Where clusters run: Docker or Kubernetes. What must be there before certificates can be made is made when it is opened. */
export interface Platform {
  /** What `{namespace}` stands for in names. */
  namespace?: pulumi.Output<string>;
  /** A password in a Secret that is there already, once `after` is known. Absent: there are no Secrets. */
  readPassword?(secret: ExistingPassword, after: pulumi.Output<unknown>): pulumi.Output<string>;
  /** A Secret with a connection from within. @returns its name. Absent: the cluster is not where Secrets are. */
  createBindingSecret?(secret: BindingSecret, opts: pulumi.CustomResourceOptions): pulumi.Output<string>;
  /** Where certificates come from, if not from an authority of the cluster's own. */
  certificates?(plan: ClusterPlan, opts: pulumi.CustomResourceOptions): CertificateSource;
  /** Passwords of the cluster's own roles, where some are given. */
  passwords?(random: Passwords): Passwords;
  attach(deferred: DeferredOutputs): AttachedCluster;
}

/** Where a password is, and how errors name it. */
export interface ExistingPassword {
  /** The component that has it as an argument. */
  subject: string;
  /** The argument. */
  path: string;
  secret: PasswordSecretSpec;
}

/** What a Secret of a `ServiceBinding` holds. */
export interface BindingSecret {
  binding: string;
  spec: BindingSecretSpec;
  connection: pulumi.Output<ConnectionParts>;
  caCertificate: pulumi.Output<string>;
}

export type Images = Record<ImageRole, string>;

/** A cluster on its platform, as components see it. */
export interface AttachedCluster {
  /**
   * Resolves once every member and every gateway runs with its configuration. Of URNs, because they are known in a preview:
   * a changed file must not make every connection string look changed.
   */
  ready: pulumi.Output<unknown>;
  /** What supporting services start after. */
  readyResources: pulumi.Resource[];
  /** The first member's data: it goes only with the cluster. */
  data: pulumi.Resource;
  endpoints: pulumi.Output<ServiceEndpoint[]>;
  /** How pgharbor's own SQL reaches a direct service of the primary. */
  adminRoute(service: ResolvedService): pulumi.Input<AdminRoute>;
  /** The host of a service for containers of the cluster's network; known from the plan, where the platform can. */
  internalHost(service: ResolvedService): pulumi.Output<string>;
  internalPort(service: ResolvedService): number;
  addService(added: ServicePlan, deferred: DeferredOutputs, opts: pulumi.CustomResourceOptions): AddedService;
  addInstance(
    planned: PlannedInstance,
    args: { files: ServiceFile[] },
    opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { dependsOn?: pulumi.Resource[] },
  ): pulumi.Output<ServiceInstance>;
}

/** A service that was added to a running cluster. */
export interface AddedService {
  endpoint: pulumi.Output<ServiceEndpoint>;
  /** Resolves once it runs. */
  running: pulumi.Output<unknown>;
}

/** One instance of a supporting service. */
export interface PlannedInstance {
  /** Unique; the container's name and its host name. */
  name: string;
  host: string;
  cluster: string;
  service: string;
  spec: SupportingServiceSpec;
  /** The image's reference. */
  image: string;
  containerPort?: number;
  /** Numeric user and group of the program, where they are known. */
  user?: string;
  bindAddress: string;
}

/** A file for an instance, by its path. */
export interface ServiceFile {
  path: string;
  content: pulumi.Input<string>;
}
