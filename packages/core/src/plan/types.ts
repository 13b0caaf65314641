import type { ClusterModel, ResolvedMember, ResolvedService } from "../model/types";
import type { IdentityAuthority, DeferredValues } from "../render/deferred-values";
import type { PlannedPassword } from "../model/passwords";
import type { Json } from "../render/text/json-value";

export interface PlannedFile {
  /** Relative to `/etc/pgharbor/current`. */
  path: string;
  /** Octal as a number, for example 0o600. */
  mode: number;
  /** Holds a secret: never shown. */
  sensitive: boolean;
  /** Needs deferred values. The text of any other file is known, and shown, before anything exists. */
  deferred: boolean;
  /** Read only when the data directory is first made: a later change of its text changes nothing, and is not applied. */
  initialOnly?: boolean;
  content(deferred: DeferredValues): string;
}

export interface PlannedCertificate {
  /** The container it is for, and its common name. */
  name: string;
  /** `{namespace}` stands for the namespace: where a provider names it, it is known only to the platform. */
  dnsNames: string[];
  ipAddresses: string[];
}

/** Its certificate has no common name: etcd's JSON gateway refuses a client that has one, and would take it for a user's name. */
export interface PlannedIdentity {
  /** Unique among certificates and identities. */
  name: string;
  authority: IdentityAuthority;
  /** Of a server, to which others connect. Clients have none: etcd would look up their addresses. */
  dnsNames: string[];
  ipAddresses: string[];
}

/**
 * Docker's networks of a cluster. `clients`: gateways and whatever joins them. `members`: members and gateways. `store`: etcd
 * and members.
 */
export type NetworkRole = "clients" | "members" | "store";
export interface PlannedAttachment {
  network: NetworkRole;
  /** Names of the container there, besides its own. */
  aliases: string[];
}

export type Program = "patroni" | "haproxy" | "pgbouncer" | "etcd";
export type ImageRole = "postgres" | "gateway" | "etcd";

export interface PlannedPort {
  /** The service it belongs to. */
  service: string;
  internal: number;
  /** Absent: any free port. */
  external?: number;
  bindAddress: string;
}

/** One container of Docker, or one container of a pod. Everything a platform needs to make it. */
export interface PlannedContainer {
  /** Unique; the container's name, its host name and its certificate's name. */
  name: string;
  program: Program;
  image: ImageRole;
  /** On Docker. */
  networks: PlannedAttachment[];
  /** Numeric owner of its files. */
  uid: number;
  gid: number;
  files: PlannedFile[];
  volumes: PlannedMount[];
  ports: PlannedPort[];
  labels: Record<string, string>;
  /** Bytes; absent: no limit. */
  memory?: number;
  cpus?: number;
  shmSize?: number;
  /** Seconds between the stop signal and the kill. */
  stopTimeout: number;
}
export interface PlannedMount {
  volume: string;
  path: string;
  /** Data that must outlive the container: protected when `deletionProtection` is on. */
  data: boolean;
}

/**
 * What runs as one, on one host: on Docker containers that come and go together, on Kubernetes a pod. Platforms make every container of
 * every unit, whatever its program is.
 */
export interface PlannedUnit {
  name: string;
  /** The host it runs on. */
  host: string;
  /** In the order to make them in. */
  containers: PlannedContainer[];
}

/** A member with what runs beside it. */
export interface MemberUnit extends PlannedUnit {
  member: ResolvedMember;
  /** Patroni, and PostgreSQL under it: the first of the containers. */
  patroni: PlannedContainer;
}

/** HAProxy and the poolers in front of it. On Kubernetes the pods of one Deployment. */
export interface GatewayUnit extends PlannedUnit {
  /** The first of the containers. */
  haproxy: PlannedContainer;
  poolers: PlannedPooler[];
}
export interface PlannedPooler {
  service: ResolvedService;
  /** Where it listens. */
  port: number;
  container: PlannedContainer;
}

/** The units of a cluster, in the order to make them in. */
export interface ClusterUnits {
  /** etcd. None on Kubernetes, which has a store of its own. */
  store: PlannedUnit[];
  members: MemberUnit[];
  gateways: GatewayUnit[];
  /** Whatever else the cluster consists of. */
  others: PlannedUnit[];
}

export interface ClusterPlan extends ClusterUnits {
  model: ClusterModel;
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
  passwords: PlannedPassword[];
  /** The document that Patroni keeps for the whole cluster. */
  dynamicConfig: { [key: string]: Json };
  /** Worth telling, not worth stopping for. */
  warnings: string[];
}

/** A service added to a running cluster: its gateway and nothing of the cluster's. */
export interface ServicePlan {
  service: ResolvedService;
  gateway: GatewayUnit;
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
}
