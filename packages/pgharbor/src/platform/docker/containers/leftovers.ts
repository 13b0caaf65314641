import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { DockerContext } from "./context";

/**
 * Its deletion removes containers that a killed run left. Containers depend on it, and it depends on their volumes and networks, so these
 * are free when they are deleted.
 */
export class Leftovers extends HandledResource<"Leftovers"> {
  constructor(
    part: string,
    { engine, cluster, marker, networks }: DockerContext,
    /** Absent: every container of the cluster. */
    containers: string[] | undefined,
    opts: pulumi.CustomResourceOptions,
  ) {
    // The networks are inputs so that this depends on them.
    const props = { cluster, part, engine, uid: marker.uid, containers, networks: Object.values(networks) };
    super("Leftovers", `${part}-leftovers`, props, opts);
  }
}
