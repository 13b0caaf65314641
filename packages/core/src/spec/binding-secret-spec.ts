/** The Kubernetes Secret that a binding writes for workloads. */
export interface BindingSecretSpec {
  /** A change replaces the Secret. @default the name of the binding's resource */
  name?: string;
  /**
   * An existing namespace, that of the workload. A change replaces the Secret. @default the cluster's; for any other target the provider's
   */
  namespace?: string;
  /** Additional labels. @default none */
  labels?: Record<string, string>;
  /** Additional annotations. @default none */
  annotations?: Record<string, string>;
}
