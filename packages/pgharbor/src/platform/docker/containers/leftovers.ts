import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { DockerContext } from "./context";

/**
 * Stands between containers and what they use, volumes and networks, and takes away when it is deleted what a killed run has left.
 * Containers depend on it.
 */
export class Leftovers extends HandledResource<"Leftovers"> {
  constructor(
    part: string,
    { engine, cluster, marker, networks }: DockerContext,
    /** Absent: every container of the cluster. */
    containers: string[] | undefined,
    opts: pulumi.CustomResourceOptions,
  ) {
    // The networks are inputs because it comes after them.
    const props = { cluster, part, engine, uid: marker.uid, containers, networks: Object.values(networks) };
    super("Leftovers", `${part}-leftovers`, props, opts);
  }
}
