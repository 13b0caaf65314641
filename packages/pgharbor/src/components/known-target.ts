import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { internalsOf } from "../program/cluster-internals";

/** What is known of a target when the program runs, before any output is. */
export interface KnownTarget {
  title: string;
  serviceNames: string[];
  /** Of services that its output `services` does not have: each was added by a `PgService`. */
  addedEndpoints: pulumi.Output<ServiceEndpoint>[];
}

const external = new WeakMap<object, KnownTarget>();
export const setExternalTarget = (target: object, title: string): void =>
  void external.set(target, { title, serviceNames: ["primary"], addedEndpoints: [] });

/** Undefined: no object of this program, so nothing is known of it yet. */
export function knownTarget(target: object): KnownTarget | undefined {
  const its = internalsOf(target);
  if (its === undefined) return external.get(target);
  return {
    title: its.plan.model.name,
    serviceNames: [...its.plan.model.services, ...its.added].map((s) => s.name),
    addedEndpoints: its.addedEndpoints,
  };
}
