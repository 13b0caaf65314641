import type * as pulumi from "@pulumi/pulumi";

/** How our own resources find a cluster's containers: inputs of each of them. */
export interface LocationArgs {
  /** Docker host, or "" for the default. */
  engine: string;
  kubernetes?: { namespace: pulumi.Input<string>; context?: string };
  /** Secret. */
  kubeconfig?: pulumi.Input<string>;
}
