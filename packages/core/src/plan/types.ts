import type { ClusterModel, ResolvedMember, ResolvedService } from "../model/types";
import type { IdentityAuthority, DeferredValues } from "../render/deferred-values";
import type { PlannedPassword } from "../model/passwords";
import type { Json } from "../render/text/json-value";

export interface PlannedFile {
  /** Relative to `/etc/pgharbor/current`. */
  path: string;
  /** Octal as a number, for example 0o600. */
  mode: number;
  /** Contains a secret, so it is never shown. */
  sensitive: boolean;
  /** Needs deferred values. The text of other files is known in a preview. */
  deferred: boolean;
  /** Read only when the data directory is initialised: a later change of the text has no effect and is not applied. */
  initialOnly?: boolean;
  content(deferred: DeferredValues): string;
}

export interface PlannedCertificate {
  /** Its container's name, which is its common name. */
  name: string;
  /** `{namespace}` is a placeholder: only the platform knows the namespace of a provider. */
  dnsNames: string[];
  ipAddresses: string[];
}

/**
 * A certificate without a common name: etcd's JSON gateway refuses a client certificate with one, and would use it as a user name.
 * pgBackRest identifies its clients by the common name, so its certificates have one.
 */
export interface PlannedIdentity {
  /** Unique among certificates and identities. */
  name: string;
  authority: IdentityAuthority;
  commonName?: string;
  /** Only for servers. Clients have none, because etcd would resolve them. */
  dnsNames: string[];
  ipAddresses: string[];
}

/** `server`: also a client of its own kind, as a peer is. */
export type IdentityRole = "client" | "server";

/**
 * Docker networks of a cluster. `clients`: gateways and the containers that connect to them. `members`: members and gateways. `store`: etcd
 * and members.
 */
export type NetworkRole = "clients" | "members" | "store";
export interface PlannedAttachment {
  network: NetworkRole;
  /** Additional names of the container there. */
  aliases: string[];
}

export type ImageRole = "postgres" | "gateway" | "etcd";

export interface PlannedPort {
  /** Its service. */
  service: string;
  internal: number;
  /** Absent: any free port. */
  external?: number;
  bindAddress: string;
}

/** A Docker container, or a container of a pod, with everything that a platform needs to create it. */
export interface PlannedContainer {
  /** Unique; also the container's host name and its certificate's name. */
  name: string;
  /** What the image's entrypoint runs. */
  program: string;
  image: ImageRole;
  /** DNS names of its server certificate, beside its own. Absent: it terminates no client's TLS. */
  tlsNames?: string[];
  /** Its certificate for other parts of the cluster. */
  identity?: { authority: IdentityAuthority; role: IdentityRole };
  /** True if pgBackRest runs in it and has its own certificate. */
  backups?: boolean;
  /** Only on Docker. */
  networks: PlannedAttachment[];
  /** Numeric owner of the files. */
  uid: number;
  gid: number;
  files: PlannedFile[];
  /** Paths of files that may come and go without a restart. Some may be in `files`. */
  optionalFiles?: readonly string[];
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
  /** Data that must outlive the container, protected by `deletionProtection`. */
  data: boolean;
  /** The volume stays when its resource is deleted. */
  retain?: boolean;
  /** Takes over an existing volume of the same name. */
  reuse?: boolean;
  /** The cluster that has this volume, which is only read here. */
  foreign?: string;
  /** Only on Kubernetes: a temporary volume on disk, because it is too large for memory. */
  onDisk?: boolean;
  /** Only on Kubernetes: bytes of the claim. Without a size the volume is as temporary as its pod. */
  size?: number;
}

/**
 * A unit of one host: on Docker containers that are created and deleted together, on Kubernetes a pod. Platforms create every container of
 * every unit, whatever its program.
 */
export interface PlannedUnit {
  name: string;
  host: string;
  /** In the order of creation. */
  containers: PlannedContainer[];
}

/** A member and the containers beside it. */
export interface MemberUnit extends PlannedUnit {
  member: ResolvedMember;
  /** Patroni with PostgreSQL; the first of the containers. */
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
  /** Its listen port. */
  port: number;
  container: PlannedContainer;
}

/** The units of a cluster, in the order of creation. */
export interface ClusterUnits {
  /** etcd. Empty on Kubernetes, where Patroni uses the API server. */
  store: PlannedUnit[];
  /** The repositories of backups, which take WAL until the last member has stopped. Empty without backups. */
  backups: PlannedUnit[];
  members: MemberUnit[];
  gateways: GatewayUnit[];
  /** All other units of the cluster. */
  others: PlannedUnit[];
}

export interface ClusterPlan extends ClusterUnits {
  model: ClusterModel;
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
  passwords: PlannedPassword[];
  /** Patroni's dynamic configuration for the whole cluster. */
  dynamicConfig: { [key: string]: Json };
  /** Messages that do not stop the `up`. */
  warnings: string[];
}

/** A service added to a running cluster: its gateway, and nothing of the cluster's. */
export interface ServicePlan {
  service: ResolvedService;
  gateway: GatewayUnit;
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
}
