import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { RunningUnit } from "./containers";

/** Waits until every etcd member runs and has joined. Resources that need the store depend on it. */
export class StoreReady extends HandledResource<"StoreReady"> {
  constructor(engine: string, cluster: string, etcd: RunningUnit[], opts: pulumi.CustomResourceOptions) {
    const containers = etcd
      .flatMap((unit) => unit.containers)
      .map(({ planned, container }) => ({ name: planned.name, id: container.id }));
    super("StoreReady", `${cluster}-store`, { engine, cluster, containers }, opts);
  }
}
