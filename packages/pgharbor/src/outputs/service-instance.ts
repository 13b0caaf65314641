/** One instance of a supporting service: a container on one host, or a Deployment of one pod on Kubernetes. */
export interface ServiceInstance {
  /** The container's name, and its host name in the cluster's network; on Kubernetes that of its Deployment and Service. */
  name: string;
  /** As in the service's `hosts`. */
  host: string;
  /** The container's id, or the uid of the Deployment. */
  containerId: string;
  /** The image's reference. */
  image: string;
  /** `host:port`: in the cluster's network first, then where it is published. On Kubernetes the name of its Service, as all pods know it, then where a NodePort or LoadBalancer leads to it, as far as that is known. */
  addresses: string[];
  /** The port of the host; on Kubernetes of the Service, or of every node with type NodePort. Absent when it is not published. */
  port?: number;
  /** `running`, or what the last refresh found: `creating` or `failed`. */
  state: string;
  /** `healthy`, `unhealthy`, `starting`, or `none` where there is no health check. */
  health: string;
  /** When a health check first gave this answer, as the last update or refresh saw it. */
  lastHealthAt?: string;
}
