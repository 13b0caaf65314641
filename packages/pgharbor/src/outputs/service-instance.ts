/** One container of a supporting service, on one host. */
export interface ServiceInstance {
  /** The container's name, and its host name in the cluster's network. */
  name: string;
  host: string;
  containerId: string;
  /** The image's reference. */
  image: string;
  /** `host:port`: in the cluster's network first, then where it is published. */
  addresses: string[];
  /** The port of the host; absent when it is not published. */
  port?: number;
  /** `running`, or what the last refresh found: `creating` or `failed`. */
  state: string;
  /** As Docker says it: `healthy`, `unhealthy`, `starting`, or `none` where the image has no health check. */
  health: string;
  /** When a health check first gave this answer, as the last update or refresh saw it. */
  lastHealthAt?: string;
}
