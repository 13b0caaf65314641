import type { ExternalTrafficPolicy, KubernetesServiceType, Spread } from "./enums";

/** Volumes of members. */
export interface KubernetesStorageSpec {
  /** A StorageClass. Cannot change. @default the Kubernetes cluster's default StorageClass */
  storageClass?: string;
  /**
   * Retains the PersistentVolumeClaims and their data when the cluster is destroyed: a cluster of the same name finds its data again and
   * adopts the users and databases in it. Takes effect from the next `up`. @default false
   */
  retainOnDelete?: boolean;
  /**
   * Retains a removed member's claim: the member starts from it when it comes back. Takes effect from the next `up`; turning it off keeps
   * claims that were retained before. @default false
   */
  retainOnScaleDown?: boolean;
}

/** A Kubernetes toleration of a taint. */
export interface TolerationSpec {
  /** Key of the taint; may be left out only with operator `Exists`, which then tolerates every taint. */
  key?: string;
  /** `Equal` or `Exists`. @default "Equal" */
  operator?: string;
  /** Value of the taint, only with operator `Equal`. */
  value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. @default every effect */
  effect?: string;
  /** Seconds until eviction under `NoExecute`. @default never */
  tolerationSeconds?: number;
}

/**
 * Node selection for the pods of members, gateways and supporting services. A change moves members one at a time, the primary last; a
 * supporting service stops before it starts elsewhere.
 */
export interface SchedulingSpec {
  /** Distribution of members, and of gateways, over nodes. @default "preferred" */
  spread?: Spread;
  /** The node label that separates nodes for `spread`. @default "kubernetes.io/hostname" */
  topologyKey?: string;
  /** Labels that a node must have. @default none */
  nodeSelector?: Record<string, string>;
  /** Tolerations of all these pods. @default none */
  tolerations?: TolerationSpec[];
  /** A PriorityClass for all these pods. @default none */
  priorityClass?: string;
}

/** The other side of an allowed connection. Exactly one field. */
export interface NetworkClientSpec {
  /** All pods of the namespace with this name. */
  namespace?: string;
  /** Pods of the cluster's own namespace with these labels. */
  podLabels?: Record<string, string>;
  /** Addresses as a CIDR, such as "10.0.0.0/8". */
  cidr?: string;
}

/**
 * NetworkPolicies that allow only the connections the cluster needs. They require a network plugin that enforces them. A change touches no
 * pod.
 */
export interface NetworkPolicySpec {
  /** Creates NetworkPolicies. @default true */
  enabled?: boolean;
  /** Clients that may connect to services; those in a service's `sourceRanges` may also connect to that service. @default everyone */
  clients?: NetworkClientSpec[];
  /**
   * Clients that may read Patroni's metrics from members: `https://<member>:8008/metrics`, with the client certificate in the Secret
   * `<cluster>-monitoring` (`tls.crt`, `tls.key`, and `ca.crt` to verify members), which exists while this list is not empty.
   * @default nobody
   */
  monitoring?: NetworkClientSpec[];
  /** Destinations of supporting services besides the cluster's own services and DNS. @default nobody */
  supportingServiceEgress?: NetworkClientSpec[];
  /** Addresses of the API server, to which members must connect. @default every address, on its ports */
  apiServer?: string[];
  /** Ports of the API server itself, not of its Service: 8443 on minikube, 16443 on MicroK8s. @default [443, 6443] */
  apiServerPorts?: number[];
}

/** Pulumi's own connections to the cluster: commands in members, and SQL. */
export interface KubernetesConnectionSpec {
  /**
   * Context of the kubeconfig; must be the kubernetes provider's cluster. @default the current context; without the argument `kubeconfig`,
   * and with Pulumi's default provider, `kubernetes:context` of the configuration
   */
  context?: string;
  /** `host:port` of the direct primary service, as seen from this machine. @default a port-forward through the API server */
  address?: string;
}

/**
 * Source of certificates other than the cluster's own authority. Exactly one field. Every preview and `up` reads the certificates with the
 * cluster's `kubeconfig`, checks them (names, times, key, authority), and reloads changed ones without a restart. A renewal is applied by
 * the next `up`, so run one before the old certificate expires. Change to another authority in a maintenance window: parts refuse each
 * other until all have it.
 */
export interface KubernetesCertificatesSpec {
  /**
   * A cert-manager Issuer in the namespace, with one Certificate for each container. It must sign names within the Kubernetes cluster, and
   * provide `ca.crt`, which ACME does not.
   */
  issuer?: string;
  /** A cert-manager ClusterIssuer; otherwise like `issuer`. */
  clusterIssuer?: string;
  /**
   * An existing Secret with `tls.crt`, `tls.key` and `ca.crt`, for servers, with these names: `<cluster>-<member>` of each member,
   * `<cluster>-haproxy`, `<cluster>-poolers`, the names of gateways' poolers, and `<service>.<namespace>.svc.<domain>` of each service, for
   * which a wildcard is enough. An error lists missing names.
   */
  secret?: string;
}

/** Settings of one service's Kubernetes Service. A change touches no pod. */
export interface KubernetesServiceSpec {
  /** Type of the Service. @default `kubernetes.serviceType` of the cluster; for a `SupportingService` "ClusterIP" */
  type?: KubernetesServiceType;
  /** The port on every node, 30000–32767, with NodePort and LoadBalancer. @default a free one */
  nodePort?: number;
  /** Annotations of the Service, besides the cluster's. @default none */
  annotations?: Record<string, string>;
  /**
   * CIDRs that may connect through a LoadBalancer, such as "192.0.2.0/24". If `networkPolicy.clients` is given, the service's policy also
   * allows them, and with them every pod whose address is among them. @default every address
   */
  sourceRanges?: string[];
  /** Only with NodePort and LoadBalancer. Use `Local` if NetworkPolicies select clients by address. @default "Cluster" */
  externalTrafficPolicy?: ExternalTrafficPolicy;
}

/** Requests and limits of each HAProxy and each PgBouncer of the gateways. A change replaces gateways, one after the other. */
export interface GatewayResourcesSpec {
  /** Cores, 0.01 to 128. A throttled gateway delays all its clients. @default a request of 0.05, no limit */
  cpu?: number;
  /** Memory with unit kB, MB, GB or TB; from 32MB to 1TB. @default a request of 96 MB for HAProxy and 48 MB for PgBouncer, no limit */
  memory?: string;
}

/** Runs the cluster on Kubernetes. */
export interface KubernetesSpec {
  /** An existing namespace. Cannot change. @default the namespace of the kubernetes provider */
  namespace?: string;
  /**
   * The DNS domain of the Kubernetes cluster. A change reloads gateways and certificates, and restarts supporting services.
   * @default "cluster.local"
   */
  clusterDomain?: string;
  /**
   * Pod networks outside the private ones (RFC 1918, 100.64.0.0/10, fc00::/7), such as "240.0.0.0/4". Members and gateways refuse each
   * other from other addresses. A change reloads. @default none
   */
  podCidrs?: string[];
  /** Volumes of members. */
  storage?: KubernetesStorageSpec;
  /** Type of every PostgreSQL service without its own. A change touches no pod. @default "ClusterIP" */
  serviceType?: KubernetesServiceType;
  /** Nodes for the pods. A change moves members one at a time, the primary last. */
  scheduling?: SchedulingSpec;
  /** Requests and limits of gateways. A change replaces gateways, one after the other. */
  gatewayResources?: GatewayResourcesSpec;
  /** NetworkPolicies of the cluster. A change touches no pod. */
  networkPolicy?: NetworkPolicySpec;
  /** Pulumi's own connections to the cluster. */
  connection?: KubernetesConnectionSpec;
  /** Certificates from cert-manager or a Secret. Cannot change between these and the default. @default an authority of the cluster */
  certificates?: KubernetesCertificatesSpec;
  /**
   * An existing Secret with passwords of the cluster's own roles, under the keys admin, check, poolerAuth, poolerConsole, replication, rest
   * and rewind; 8–99 letters, digits and !#%&()*+,-./:;<=>?@[]^_{|}~ of ASCII. Every preview and `up` reads it with the cluster's
   * `kubeconfig`. A changed password is set in the database and reloaded everywhere without a restart; new connections may fail for some
   * seconds. @default random passwords, also for missing keys
   */
  passwordSecret?: string;
  /** Existing Secrets for pulling images. A change restarts pods, the primary last. @default none */
  imagePullSecrets?: string[];
  /**
   * ServiceAccount of the pod with the backups, whose role in the cloud may use the bucket: IRSA on EKS (which needs no `backupCredentials`),
   * Workload Identity on GKE, a managed identity on Azure. It must exist. A change replaces that pod; no member restarts.
   * @default the namespace's `default`
   */
  backupServiceAccount?: string;
  /**
   * Labels on every object, including pods: a change restarts pods, the primary last. Keys of Kubernetes (`kubernetes.io/`), Pulumi and
   * pgharbor are refused, except `app.kubernetes.io/` keys that pgharbor does not set. @default none
   */
  labels?: Record<string, string>;
  /** Annotations on every object, including pods: a change restarts pods, the primary last. @default none */
  annotations?: Record<string, string>;
}
