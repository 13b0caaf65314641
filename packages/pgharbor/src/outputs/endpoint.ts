/** Where one service answers. */
export interface ServiceEndpoint {
  /** The service's name within its cluster. */
  name: string;
  /** Host for clients outside the cluster's network; on Kubernetes as far outside as the service's type lets them be. */
  host: string;
  /** Port for clients outside the cluster's network. */
  port: number;
  /** Host for containers in the cluster's network. */
  internalHost: string;
  /** Port for containers in the cluster's network. */
  internalPort: number;
  /** `primary` where writes are possible, else `replica`. */
  role: string;
  /** Whether PgBouncer stands in front. */
  pooled: boolean;
}
