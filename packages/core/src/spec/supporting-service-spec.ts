import type { KubernetesServiceSpec } from "./kubernetes-spec";

/** Kinds of supporting service with their own image and settings. */
export const ServiceType = {
  /** An MCP server: AI agents search and query the database. */
  Mcp: "mcp",
  /** Answers questions from the database's documents. Not available yet. */
  Rag: "rag",
  /** A REST interface to the database's schemas. Not available yet. */
  Postgrest: "postgrest",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];

/** Requirement for sessions, as libpq's `target_session_attrs`. */
export const SessionAttrs = {
  /** Any session. */
  Any: "any",
  /** Sessions that can write: needs a service that follows the primary. */
  ReadWrite: "read-write",
  /** Sessions that cannot write: needs a service that leads to replicas. */
  ReadOnly: "read-only",
  /** Sessions on the primary: needs a service that follows it. */
  Primary: "primary",
  /** Sessions on a standby: needs a service that leads to replicas. */
  Standby: "standby",
  /** Sessions on a standby if there is one. */
  PreferStandby: "prefer-standby",
} as const;
export type SessionAttrs = (typeof SessionAttrs)[keyof typeof SessionAttrs];

/** A configuration file of a supporting service. It must contain no secret. */
export interface ServiceConfigSpec {
  /**
   * Absolute path at which the program reads it. The file name's extension decides the format: `.json`, `.yaml` or `.yml`, `.toml`, or for
   * anything else lines `key=value`. Required with `image`; a `serviceType` has a fixed path.
   */
  path?: string;
  /** Keys and values; sorted by key in the file. */
  values: Record<string, string>;
}

/** Health check of a container; on Kubernetes its readiness probe. */
export interface HealthcheckSpec {
  /** A program in the image and its arguments; exit status 0 means healthy. */
  command: string[];
  /** Time between checks. @default "10s" */
  interval?: string;
  /** Time limit of one check. @default "5s" */
  timeout?: string;
  /** Consecutive failures until the container is unhealthy, 1–100. @default 3 */
  retries?: number;
  /** Time after the start in which failures do not count. @default "30s", and on Kubernetes "60s", which is the minimum there */
  startPeriod?: string;
}

/**
 * Attributes of an application beside a cluster. A change replaces its container, or pod, where nothing else is said, and touches no other.
 */
export interface SupportingServiceAttributes {
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
  /**
   * Numeric user and group to run as, such as "1000:1000". Files are root's and its group's, and this user alone can read them: on Docker it
   * is in that group, on Kubernetes its own group has them. @default the image's own user, and every user of the container can read files
   */
  user?: string;
  /** Linux capabilities that the program cannot do without, such as "NET_BIND_SERVICE". @default none */
  capabilities?: string[];
}

/** An application beside a cluster, without its connection. */
export interface SupportingServiceSpec extends SupportingServiceAttributes {
  /** Paths of files that contain secrets. @default none */
  secretFiles?: string[];
}
