import type * as pulumi from "@pulumi/pulumi";

/** Inputs with which pgharbor's own resources find a cluster's containers. */
export interface LocationArgs {
  /** Docker host, or "" for the default. */
  engine: string;
  kubernetes?: { namespace: pulumi.Input<string>; context?: string };
  /** Secret. */
  kubeconfig?: pulumi.Input<string>;
}
