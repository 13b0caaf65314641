/** The Secret that a binding writes for workloads in Kubernetes. */
export interface BindingSecretSpec {
  /** Replaces the Secret. @default the name of the binding's resource */
  name?: string;
  /** An existing namespace; where the workload is. Replaces the Secret. @default the cluster's; for any other target the provider's */
  namespace?: string;
  /** Further labels. */
  labels?: Record<string, string>;
  /** Further annotations. */
  annotations?: Record<string, string>;
}
