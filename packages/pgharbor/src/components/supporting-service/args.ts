import type * as pulumi from "@pulumi/pulumi";
import type {
  HealthcheckSpec,
  KubernetesServiceSpec,
  ServiceConfigSpec,
  ServiceType,
  SessionAttrs,
} from "@pgharbor/core";
import type { ArgNames } from "../known-args";
import type { PostgresTarget } from "../postgres-target";
import type { BoundUser } from "../service-binding";

/** Arguments of `SupportingService`. A change of any of them replaces its container, or pod, where nothing else is said, and touches no other. */
export interface SupportingServiceArgs {
  /** A `PostgresCluster` of the same program; the service joins its network. */
  target: PostgresTarget;
  /** The `databaseName` of a `PgDatabase` on the same target. */
  database: pulumi.Input<string>;
  /** A `PgUser` of the same target. It stays yours: it is not deleted with the service. */
  connectAs: BoundUser;
  /** An image of yours. Exactly one of `image` and `serviceType`. */
  image?: string;
  /** A kind of service that pgharbor has an image for: `mcp`. */
  serviceType?: ServiceType;
  /** Tag of `image`, or the release of a `serviceType`, such as "1.2.3" or "latest". @default the image's own tag; the tested release */
  version?: string;
  /** Hosts to run on, one instance each; at least one, each once. There is one so far: `local`. */
  hosts: string[];
  /** The service of the cluster that it connects through. @default "primary" */
  service?: string;
  /** What its sessions must be able to do. @default "any" */
  targetSessionAttrs?: SessionAttrs;
  /**
   * On Docker the port of the host, at the cluster's bind address; 0 for any free one. On Kubernetes the port of its Service, and 0 as
   * without one; a change touches no pod. @default not published; on Kubernetes the container's
   */
  port?: number;
  /**
   * Only on Kubernetes: its Service, where it has a port. A change touches no pod. Its type is ClusterIP unless it is said here,
   * whatever the cluster's services have. An MCP server answers only by names it knows: name those outside in `env: { DBHUB_ALLOWED_HOSTS }`.
   * @default a Service within the Kubernetes cluster
   */
  kubernetes?: KubernetesServiceSpec;
  /** The port that the program listens on. Required with `image` and `port`; a `serviceType` knows its own. */
  containerPort?: number;
  /** A configuration file. Nothing in it may be secret. */
  config?: ServiceConfigSpec;
  /** Cores, 0.01–128. On Kubernetes a change makes a new pod, and the service is away meanwhile. @default no limit */
  cpus?: number;
  /**
   * With unit, "16MB"–"1TB"; on Docker without swap. On Docker a change updates in place; on Kubernetes it makes a new pod, and the
   * service is away meanwhile. @default no limit
   */
  memory?: string;
  /** Environment of the program. Never for secrets: whoever may inspect containers reads it. */
  env?: Record<string, string>;
  /** Instead of the image's command. */
  command?: string[];
  /** Instead of the image's health check. */
  healthcheck?: HealthcheckSpec;
  /** Further secrets for the program, each as a file: its content by its path. */
  secretFiles?: Record<string, pulumi.Input<string>>;
  /**
   * Numeric user and group to run as, such as "1000:1000". Files are root's and its group's, and this user alone can read them: on Docker it
   * is in that group, on Kubernetes its own group has them. @default the image's own user, and every user of the container can read files
   */
  user?: string;
  /** Linux capabilities that the program cannot do without, such as "NET_BIND_SERVICE". @default none */
  capabilities?: string[];
}

export const argNames: ArgNames<SupportingServiceArgs> = {
  target: true,
  database: true,
  connectAs: true,
  image: true,
  serviceType: true,
  version: true,
  hosts: true,
  service: true,
  targetSessionAttrs: true,
  port: true,
  kubernetes: true,
  containerPort: true,
  config: true,
  cpus: true,
  memory: true,
  env: true,
  command: true,
  healthcheck: true,
  secretFiles: true,
  user: true,
  capabilities: true,
};
