import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { entryOf } from "../program/registry";

/** Facts about a target that are known before its outputs. */
export interface KnownTarget {
  title: string;
  serviceNames: string[];
  /** Endpoints of services that a `PgService` added, which the output `services` does not contain. */
  addedEndpoints: pulumi.Output<ServiceEndpoint>[];
}

export const registerExternal = (target: object, title: string): void => void (entryOf(target).externalName = title);

/** Undefined for an object of another program. */
export function knownTarget(target: object): KnownTarget | undefined {
  const { cluster, externalName: title } = entryOf(target);
  if (cluster === undefined)
    return title === undefined ? undefined : { title, serviceNames: ["primary"], addedEndpoints: [] };
  return {
    title: cluster.plan.model.name,
    serviceNames: [...cluster.plan.model.services, ...cluster.addedServices].map((s) => s.name),
    addedEndpoints: cluster.addedEndpoints,
  };
}
