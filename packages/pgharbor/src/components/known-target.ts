import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { entryOf } from "../program/registry";

/** What is known of a target when the program runs, before any output is. */
export interface KnownTarget {
  title: string;
  serviceNames: string[];
  /** Of services that its output `services` does not have: each was added by a `PgService`. */
  addedEndpoints: pulumi.Output<ServiceEndpoint>[];
}

export const registerExternal = (target: object, title: string): void => void (entryOf(target).externalName = title);

/** Undefined: no object of this program, so nothing is known of it yet. */
export function knownTarget(target: object): KnownTarget | undefined {
  const { cluster, externalName: title } = entryOf(target);
  if (cluster === undefined)
    return title === undefined ? undefined : { title, serviceNames: ["primary"], addedEndpoints: [] };
  return {
    title: cluster.plan.model.name,
    serviceNames: [...cluster.plan.model.services, ...cluster.added].map((s) => s.name),
    addedEndpoints: cluster.addedEndpoints,
  };
}
