/** The endpoint of one service. */
export interface ServiceEndpoint {
  /** The service's name within its cluster. */
  name: string;
  /** Host for clients outside the cluster's network; on Kubernetes it depends on the service's type. */
  host: string;
  /** Port for clients outside the cluster's network. */
  port: number;
  /** Host for containers in the cluster's network. */
  internalHost: string;
  /** Port for containers in the cluster's network. */
  internalPort: number;
  /** `primary` if the service accepts writes, else `replica`. */
  role: string;
  /** True if the service has a pooler. */
  pooled: boolean;
}
