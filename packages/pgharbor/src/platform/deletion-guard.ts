import * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";

/**
 * Refuses to be deleted while it is on. It depends on all of a cluster, so Pulumi deletes it first. Pulumi's own `protect`,
 * which the data volumes have too, would stop only at them, after the containers are gone.
 */
export class DeletionGuard extends HandledResource {
  constructor(cluster: string, on: boolean, everything: pulumi.Resource[], opts: pulumi.CustomResourceOptions) {
    super("DeletionGuard", `${cluster}-deletion-guard`, { cluster, on }, { ...opts, dependsOn: everything });
  }
}
