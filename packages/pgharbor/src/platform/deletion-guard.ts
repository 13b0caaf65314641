import * as pulumi from "@pulumi/pulumi";
import { shim } from "../dynamic/shim";

/**
 * Refuses to be deleted while it is on. It depends on all of a cluster, so Pulumi deletes it first. Pulumi's own `protect`,
 * which the data volumes have too, would stop only at them, after the containers are gone.
 */
export class DeletionGuard extends pulumi.dynamic.Resource {
  constructor(cluster: string, on: boolean, everything: pulumi.Resource[], opts: pulumi.CustomResourceOptions) {
    super(
      shim("DeletionGuard"),
      `${cluster}-deletion-guard`,
      { cluster, on },
      { ...opts, dependsOn: everything },
      "pgharbor",
      "DeletionGuard",
    );
  }
}
