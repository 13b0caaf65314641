import type { ExternalTrafficPolicy, KubernetesServiceType, Spread } from "./enums";

/** The volumes of members. */
export interface KubernetesStorageSpec {
  /** A StorageClass. Cannot change. @default the cluster's default StorageClass */
  storageClass?: string;
  /**
   * Keep the claims, and the data in them, when the cluster is destroyed: a cluster of the same name finds its data again, and takes
   * over the users and databases in it. Counts from the `up` that has seen it on. @default false
   */
  retainOnDelete?: boolean;
  /**
   * Keep a member's claim when the member is taken out: it starts from it when it comes back. Counts from the `up` that has seen it
   * on; a claim that was left stays when this is turned off. @default false
   */
  retainOnScaleDown?: boolean;
}

/** A taint that pods tolerate, as Kubernetes has it. */
export interface TolerationSpec {
  key?: string;
  /** `Equal` or `Exists`. @default "Equal" */
  operator?: string;
  value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. @default every effect */
  effect?: string;
  /** Seconds until eviction under `NoExecute`. @default never */
  tolerationSeconds?: number;
}

/**
 * Which nodes the pods of members, gateways and supporting services run on. A change moves members one at a time, the primary
 * last; a supporting service ends before it starts elsewhere.
 */
export interface SchedulingSpec {
  /** How members, and gateways, keep apart from each other. @default "preferred" */
  spread?: Spread;
  /** The node label that says what apart means. @default "kubernetes.io/hostname" */
  topologyKey?: string;
  /** Labels that a node must have. */
  nodeSelector?: Record<string, string>;
  tolerations?: TolerationSpec[];
  /** A PriorityClass of them all. */
  priorityClass?: string;
}

/** The other side of a connection that is let through. Exactly one of its fields. */
export interface NetworkClientSpec {
  /** All pods of the namespace with this name. */
  namespace?: string;
  /** Pods of the cluster's own namespace with these labels. */
  podLabels?: Record<string, string>;
  /** Addresses, such as "10.0.0.0/8". */
  cidr?: string;
}

/**
 * NetworkPolicies: what the cluster needs is let through, everything else is refused. They do what the network plugin enforces. A
 * change touches no pod.
 */
export interface NetworkPolicySpec {
  /** @default true */
  enabled?: boolean;
  /** Who may connect to services; those that `sourceRanges` of a service name may connect to that one, too. @default everyone */
  clients?: NetworkClientSpec[];
  /**
   * Who may ask members for Patroni's metrics: `https://<member>:8008/metrics`, with the client certificate in the Secret
   * `<cluster>-monitoring` (`tls.crt`, `tls.key`, and `ca.crt` to verify members with), which is there while somebody is named.
   * @default nobody
   */
  monitoring?: NetworkClientSpec[];
  /** Whom supporting services may connect to, besides the cluster's own services and DNS. @default nobody */
  supportingServiceEgress?: NetworkClientSpec[];
  /** Addresses of the API server, which members must reach. @default every address, on its ports */
  apiServer?: string[];
  /** Ports of the API server itself, not of its Service: 8443 on minikube, 16443 on MicroK8s. @default [443, 6443] */
  apiServerPorts?: number[];
}

/** How Pulumi's own work reaches the cluster: commands in members, and SQL. */
export interface KubernetesReachSpec {
  /** Context of the kubeconfig; the same cluster as the kubernetes provider's. @default its current context; without an argument `kubeconfig`, and where Pulumi's default provider is used, `kubernetes:context` of the configuration */
  context?: string;
  /** `host:port` of the direct primary service as this machine reaches it. @default a port-forward through the API server */
  address?: string;
}

/**
 * Where certificates come from instead of an authority of the cluster's own. One of its fields. What is there now is read by
 * every preview and `up`, with the cluster's `kubeconfig`, checked (names, times, key, authority), and reloaded without a restart
 * where it has changed: a renewal reaches the cluster with the next `up`, so run one before the old certificate ends. Another
 * authority is for a maintenance window: until every part has it, parts refuse each other.
 */
export interface KubernetesCertificatesSpec {
  /**
   * A cert-manager Issuer in the namespace: one Certificate a container. It must sign names within the Kubernetes cluster, and
   * give `ca.crt`, which ACME does not.
   */
  issuer?: string;
  /** A cert-manager ClusterIssuer; as `issuer`. */
  clusterIssuer?: string;
  /**
   * An existing Secret with `tls.crt`, `tls.key` and `ca.crt`, for servers, with these names: `<cluster>-<member>` of each member,
   * `<cluster>-haproxy`, `<cluster>-poolers`, the names of gateways' poolers, and `<service>.<namespace>.svc.<domain>`
   * of each service, where a wildcard is enough. An error names those that it lacks.
   */
  secret?: string;
}

/** The Kubernetes Service of one service. A change touches no pod. */
export interface KubernetesServiceSpec {
  /** @default `kubernetes.serviceType` of the cluster; of a `SupportingService` "ClusterIP" */
  type?: KubernetesServiceType;
  /** The port of every node, 30000–32767, with NodePort and LoadBalancer. @default a free one */
  nodePort?: number;
  annotations?: Record<string, string>;
  /**
   * Addresses that may connect through a LoadBalancer, such as "192.0.2.0/24". Where `networkPolicy.clients` is given, the service's
   * policy lets them in, too: with them every pod whose address is among them. @default every one
   */
  sourceRanges?: string[];
  /** With NodePort and LoadBalancer. `Local` where NetworkPolicies name clients by address. @default "Cluster" */
  externalTrafficPolicy?: ExternalTrafficPolicy;
}

/** What each HAProxy and each PgBouncer of the gateways asks for, and is limited to. A change replaces gateways, one after the other. */
export interface GatewayResourcesSpec {
  /** Cores, 0.01 to 128. A gateway that is throttled holds all its clients up. @default 0.05 asked for, no limit */
  cpu?: number;
  /** With its unit: kB, MB, GB or TB; from 32MB to 1TB. @default 96 MB of HAProxy and 48 MB of PgBouncer asked for, no limit */
  memory?: string;
}

/** Runs the cluster on Kubernetes. */
export interface KubernetesSpec {
  /** An existing namespace. Cannot change. @default the namespace of the kubernetes provider */
  namespace?: string;
  /** The DNS domain of the Kubernetes cluster. A change reloads gateways and certificates, and starts supporting services anew. @default "cluster.local" */
  clusterDomain?: string;
  /**
   * Networks of the pods, where they are none of the private ones (RFC 1918, 100.64.0.0/10, fc00::/7), such as "240.0.0.0/4": members
   * and gateways refuse each other from elsewhere. A change reloads. @default none
   */
  podCidrs?: string[];
  storage?: KubernetesStorageSpec;
  /** Of every PostgreSQL service that does not say otherwise. A change touches no pod. @default "ClusterIP" */
  serviceType?: KubernetesServiceType;
  scheduling?: SchedulingSpec;
  gatewayResources?: GatewayResourcesSpec;
  networkPolicy?: NetworkPolicySpec;
  reach?: KubernetesReachSpec;
  certificates?: KubernetesCertificatesSpec;
  /**
   * An existing Secret with passwords of the cluster's own roles, by the names admin, check, poolerAuth, poolerConsole,
   * replication, rest and rewind; 8–99 letters, digits and !#%&()*+,-./:;<=>?@[]^_{|}~ of ASCII. Every preview and `up` reads
   * it, with the cluster's `kubeconfig`: a changed one is set in the database and reloaded everywhere, restarts nothing, and new
   * connections may fail for some seconds. @default random passwords, also for those that it lacks
   */
  passwordSecret?: string;
  /** Existing Secrets that images are pulled with. A change restarts pods, the primary last. */
  imagePullSecrets?: string[];
  /**
   * Labels on everything, pods included: a change restarts pods, the primary last. Keys of Kubernetes (`kubernetes.io/`), Pulumi and
   * pgharbor are refused, but for those of `app.kubernetes.io/` that are not written already.
   */
  labels?: Record<string, string>;
  /** Annotations on everything, pods included: a change restarts pods, the primary last. */
  annotations?: Record<string, string>;
}
