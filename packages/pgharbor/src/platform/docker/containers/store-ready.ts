import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { RunningUnit } from "./containers";

/** That all of etcd is there and takes part. What needs the store comes after it. */
export class StoreReady extends HandledResource<"StoreReady"> {
  constructor(engine: string, cluster: string, etcd: RunningUnit[], opts: pulumi.CustomResourceOptions) {
    const containers = etcd
      .flatMap((unit) => unit.containers)
      .map(({ planned, container }) => ({ name: planned.name, id: container.id }));
    super("StoreReady", `${cluster}-store`, { engine, cluster, containers }, opts);
  }
}
