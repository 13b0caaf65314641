import type * as pulumi from "@pulumi/pulumi";

/** A namespace, and which Kubernetes cluster it is in. */
export interface KubernetesPlace {
  namespace: string;
  /** Context of the kubeconfig. @default its current one */
  context?: string;
}

/** A way to a server that no address of this machine leads to: a port-forward to a pod, through the API server. */
export interface SqlTunnel {
  kubernetes: KubernetesPlace;
  /** Label selector of pods that have the port. */
  selector: string;
  port: number;
}

/** A way on Docker that no published port and no rule by address is in: from within one of these containers, by its loopback. */
export interface ContainerTunnel {
  engine: string;
  containers: string[];
  port: number;
}

/** Where a connection goes. */
export interface AdminRoute {
  host: string;
  port: number;
  /** The name in the server's certificate where it is not the host. */
  serverName?: string;
  tunnel?: SqlTunnel;
  container?: ContainerTunnel;
}

/** How pgharbor's own SQL reaches a server: as a role that may create roles and databases. */
export interface AdminConnection extends AdminRoute {
  username: string;
  password: string;
  /** PEM of the authority that signed the server's certificate. */
  caCertificate: string;
  /** The database to connect to first. */
  database: string;
}

/** What SQL needs of a target. */
export interface SqlTargetRef {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
  /** Secret. The kubeconfig of the Kubernetes cluster that it is in, where it is not the usual one. */
  kubeconfig?: pulumi.Input<string>;
}
