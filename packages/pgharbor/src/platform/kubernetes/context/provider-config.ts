import * as pulumi from "@pulumi/pulumi";

/** The default provider's configuration. */
export interface DefaultProviderConfig {
  /** Contents or path of a kubeconfig. */
  kubeconfig?: pulumi.Input<string>;
  context?: string;
}

/**
 * The stack's configuration of Pulumi's default kubernetes provider (`kubernetes:kubeconfig`, `kubernetes:context`), so that a program need
 * not repeat it. Empty for an explicit provider, whose configuration cannot be read.
 */
export function defaultProviderConfig(component: pulumi.Resource): DefaultProviderConfig {
  if (component.getProvider("kubernetes:core/v1:ServiceAccount") !== undefined) return {};
  const config = new pulumi.Config("kubernetes");
  return { kubeconfig: config.getSecret("kubeconfig"), context: config.get("context") };
}
