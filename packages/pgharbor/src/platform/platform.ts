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
import type { RepositoryStatus } from "../dynamic/backups/repository-status";
import type { ServiceInstance } from "../outputs/service-instance";
import type { CertificateSource } from "./certificates";
import type { Passwords } from "./secrets";
import type { AdminRoute } from "./sql/admin-connection";
import type { DeferredOutputs } from "./deferred-values";

/** A platform for clusters: Docker or Kubernetes. Its constructor function creates the objects that certificates depend on. */
export interface Platform {
  /** Replaces `{namespace}` in names. */
  namespace?: pulumi.Output<string>;
  /** Reads a password from an existing Secret, once `after` is known. Absent on Docker. */
  readPassword?(secret: ExistingPassword, after: pulumi.Output<unknown>): pulumi.Output<string>;
  /** Creates a Secret with a connection from within the Kubernetes cluster. Absent on Docker. @returns the Secret's name */
  createBindingSecret?(secret: BindingSecret, opts: pulumi.CustomResourceOptions): pulumi.Output<string>;
  /** Source of external certificates. Absent if the cluster's own authority signs them. */
  createCertificates?(plan: ClusterPlan, opts: pulumi.CustomResourceOptions): CertificateSource;
  /** Passwords of the cluster's own roles, if some are given. */
  readPasswords?(random: Passwords): Passwords;
  createResources(deferred: DeferredOutputs): ClusterResources;
}

/** A password in an existing Secret. */
export interface ExistingPassword {
  /** The component, for error messages. */
  subject: string;
  /** The component's argument, for error messages. */
  path: string;
  secret: PasswordSecretSpec;
}

/** Contents of a `ServiceBinding`'s Secret. */
export interface BindingSecret {
  binding: string;
  spec: BindingSecretSpec;
  connection: pulumi.Output<ConnectionParts>;
  caCertificate: pulumi.Output<string>;
}

export type Images = Record<ImageRole, string>;

/** The resources of a cluster on its platform, as components see them. */
export interface ClusterResources {
  /**
   * Resolves once every member and every gateway runs with its configuration. It consists of URNs, which a preview knows: otherwise every
   * connection string would show as changed with each changed file.
   */
  ready: pulumi.Output<unknown>;
  /** Supporting services depend on these. */
  readyResources: pulumi.Resource[];
  /** What each repository for backups holds. Absent without backups. */
  backups?: pulumi.Output<Record<string, RepositoryStatus>>;
  /** The first member's data, which is only deleted with the cluster. */
  data: pulumi.Resource;
  endpoints: pulumi.Output<ServiceEndpoint[]>;
  /** Route of pgharbor's own SQL to a direct service of the primary. */
  adminRoute(service: ResolvedService): pulumi.Input<AdminRoute>;
  /** The host of a service for containers in the cluster's network. */
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
  /** Numeric user and group of the program, if they are known. */
  user?: string;
  bindAddress: string;
}

/** A file of an instance. */
export interface ServiceFile {
  path: string;
  content: pulumi.Input<string>;
}
