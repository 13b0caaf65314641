import type { KubernetesServiceSpec } from "./kubernetes-spec";

/** Services with an image and settings of their own. */
export const ServiceType = {
  /** An MCP server: AI agents search and query the database. */
  Mcp: "mcp",
  /** Answers questions out of the database's documents. Not available yet. */
  Rag: "rag",
  /** A REST interface to the database's schemas. Not available yet. */
  Postgrest: "postgrest",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];

/** What a session must be able to do, as libpq's `target_session_attrs` has it. */
export const SessionAttrs = {
  /** Whatever the service leads to. */
  Any: "any",
  /** Writes: needs a service that follows the primary. */
  ReadWrite: "read-write",
  /** No writes: needs a service that leads to replicas. */
  ReadOnly: "read-only",
  /** The primary: needs a service that follows it. */
  Primary: "primary",
  /** A standby: needs a service that leads to replicas. */
  Standby: "standby",
  /** A standby where there is one. */
  PreferStandby: "prefer-standby",
} as const;
export type SessionAttrs = (typeof SessionAttrs)[keyof typeof SessionAttrs];

/** A configuration file of a supporting service. Nothing in it may be secret. */
export interface ServiceConfigSpec {
  /**
   * Where the program looks for it, an absolute path. Its ending says how it is written: `.json`, `.yaml` or `.yml`, `.toml`, or anything
   * else as lines `key=value`. Required with `image`; a `serviceType` knows its own.
   */
  path?: string;
  /** Keys and values; sorted by key in the file. */
  values: Record<string, string>;
}

/** How it is found out whether a container is well; on Kubernetes its readiness. */
export interface HealthcheckSpec {
  /** A program in the image and its arguments; exit status 0 means healthy. */
  command: string[];
  /** @default "10s" */
  interval?: string;
  /** @default "5s" */
  timeout?: string;
  /** Failures in a row until it is unhealthy. @default 3 */
  retries?: number;
  /** Failures do not count so long after the start. @default "30s", and on Kubernetes "60s", which is the least there */
  startPeriod?: string;
}

/** An application beside a cluster, without what it connects with. */
export interface SupportingServiceSpec {
  /** An image of yours. Exactly one of `image` and `serviceType`. */
  image?: string;
  /** A kind of service that pgharbor has an image for: `mcp`. */
  serviceType?: ServiceType;
  /** Tag of `image`, or the release of a `serviceType`: `1.4.0` or `latest`. @default the image's own tag; the tested release */
  version?: string;
  /** The hosts to run on, one instance each. There is one so far: `local`. */
  hosts: string[];
  /** The service of the cluster that it connects through. @default "primary" */
  service?: string;
  /** What its sessions must be able to do, for programs that use libpq or the strings given. @default "any" */
  targetSessionAttrs?: SessionAttrs;
  /**
   * On Docker the port of the host that it is published on, at the cluster's bind address: 0 for any free one. On Kubernetes the port
   * of its Service; 0 as without one. @default not published; on Kubernetes the container's
   */
  port?: number;
  /** Only on Kubernetes: its Service, where it has a port. Of type ClusterIP where nothing else is said here. */
  kubernetes?: KubernetesServiceSpec;
  /** The port that the program listens on. Required with `image` and `port`; a `serviceType` knows its own. */
  containerPort?: number;
  config?: ServiceConfigSpec;
  /** Cores, 0.01–128. @default no limit */
  cpus?: number;
  /** With unit, "16MB"–"1TB"; on Docker without swap. @default no limit */
  memory?: string;
  /** Environment of the program. Never for secrets: whoever may inspect containers reads it. */
  env?: Record<string, string>;
  /** Instead of the image's command. @default the image's own */
  command?: string[];
  /** @default the image's own, if it has one */
  healthcheck?: HealthcheckSpec;
  /** Paths of files with secrets in them. */
  secretFiles?: string[];
  /**
   * Numeric user and group that the program runs as, such as "1000:1000"; it alone can read the files. @default the image's own user, and
   * every user of the container can read them
   */
  user?: string;
  /** Linux capabilities that the program cannot do without, such as "NET_BIND_SERVICE". @default none */
  capabilities?: string[];
}
