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
 * Attributes of an application beside a cluster. A change replaces its container or pod, unless noted, and touches no other.
 */
export interface SupportingServiceAttributes {
  /** A custom image. Exactly one of `image` and `serviceType`. */
  image?: string;
  /** A service type with an image of pgharbor: `mcp`. */
  serviceType?: ServiceType;
  /** Tag of `image`, or the release of a `serviceType`, such as "1.2.3" or "latest". @default the image's own tag; the tested release */
  version?: string;
  /** Hosts, with one instance on each; at least one, no duplicates. The only host is `local`. */
  hosts: string[];
  /** The cluster's service for its connections. @default "primary" */
  service?: string;
  /** Requirement for its sessions. @default "any" */
  targetSessionAttrs?: SessionAttrs;
  /**
   * On Docker the host port, at the cluster's bind address; 0 for any free one. On Kubernetes the port of the Service, where 0 is the
   * default and a change touches no pod. @default not published; on Kubernetes `containerPort`
   */
  port?: number;
  /**
   * Settings of the Service that it has on Kubernetes if it has a port. A change touches no pod. The type is ClusterIP unless it is set
   * here; `serviceType` of the cluster does not apply. An MCP server only answers requests for known host names: list external ones in
   * `env: { DBHUB_ALLOWED_HOSTS }`. @default a Service within the Kubernetes cluster
   */
  kubernetes?: KubernetesServiceSpec;
  /** The port on which the program listens. Required with `image` and `port`; a `serviceType` has a fixed one. */
  containerPort?: number;
  /** A configuration file. It must contain no secret. @default none */
  config?: ServiceConfigSpec;
  /** Cores, 0.01–128. On Kubernetes a change replaces the pod, with an interruption. @default no limit */
  cpus?: number;
  /**
   * Memory with unit, "16MB"–"1TB"; on Docker without swap. On Docker a change updates in place; on Kubernetes it replaces the pod, with an
   * interruption. @default no limit
   */
  memory?: string;
  /** Environment of the program. Not for secrets, because everyone who may inspect containers can read it. @default none */
  env?: Record<string, string>;
  /** Replaces the image's command. @default the image's */
  command?: string[];
  /** Replaces the image's health check. @default the image's; on Kubernetes a connection to `containerPort` */
  healthcheck?: HealthcheckSpec;
  /**
   * Numeric user and group of the program, such as "1000:1000". Only this user can read the files: they belong to root's group on Docker,
   * which the user is added to, and to the user's group on Kubernetes. @default the image's user, and every user of the container can read
   * the files
   */
  user?: string;
  /** Linux capabilities that the program requires, such as "NET_BIND_SERVICE". @default none */
  capabilities?: string[];
}

/** An application beside a cluster, without its connection. */
export interface SupportingServiceSpec extends SupportingServiceAttributes {
  /** Paths of files that contain secrets. @default none */
  secretFiles?: string[];
}
