import * as pulumi from "@pulumi/pulumi";

/** The way to a cluster, besides the provider. */
export interface KubernetesWay {
  /** Contents or path of a kubeconfig. */
  kubeconfig?: pulumi.Input<string>;
  context?: string;
}

/**
 * What the stack's configuration says to Pulumi's default kubernetes provider (`kubernetes:kubeconfig`, `kubernetes:context`), so
 * that a program need not say it twice. A provider of the program's own tells nobody what it was made with.
 */
export function wayOfDefaultProvider(component: pulumi.Resource): KubernetesWay {
  if (component.getProvider("kubernetes:core/v1:ServiceAccount") !== undefined) return {};
  const config = new pulumi.Config("kubernetes");
  return { kubeconfig: config.getSecret("kubeconfig"), context: config.get("context") };
}
