/** One instance of a supporting service: a container on one host, or a Deployment of one pod on Kubernetes. */
export interface ServiceInstance {
  /** The container's name, which is also the host name in the cluster's network; on Kubernetes the name of the Deployment and Service. */
  name: string;
  /** As in the service's `hosts`. */
  host: string;
  /** The container's id, or the uid of the Deployment. */
  containerId: string;
  /** The image's reference. */
  image: string;
  /**
   * `host:port` in the cluster's network, then on the host if it is published. On Kubernetes the full name of the Service, then the
   * address of its NodePort or LoadBalancer, if it is known.
   */
  addresses: string[];
  /** The host port; on Kubernetes the port of the Service, or the node port with type NodePort. Absent if nothing is published. */
  port?: number;
  /** `running`; after a refresh also `creating` or `failed`. */
  state: string;
  /** `healthy`, `unhealthy`, `starting`, or `none` without a health check. */
  health: string;
  /** When the health check first reported this result, as of the last update or refresh. */
  lastHealthAt?: string;
}
