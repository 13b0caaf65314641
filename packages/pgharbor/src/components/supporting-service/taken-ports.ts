import * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "../../program/cluster-internals";
import { entryOf, type PublishedPort } from "../../program/registry";

const programOf = (target: object): object => pulumi.runtime.getStackResource() ?? target;

export const declarePort = (target: object, port: PublishedPort): void =>
  void entryOf(programOf(target)).ports.push(port);

/** Ports that nothing more can be published on at an address. */
export function takenPorts(target: object, its: ClusterInternals, address: string): { port: number; by: string }[] {
  const { name, autoPorts } = its.plan.model;
  const ofServices = autoPorts
    ? []
    : [...its.plan.model.services, ...its.added].map((s) => ({
        address: s.bindAddress,
        port: s.port,
        by: `the service ${s.name} of ${name}`,
      }));
  return [...ofServices, ...entryOf(programOf(target)).ports].filter((t) => overlap(t.address, address));
}

const EVERY = ["0.0.0.0", "::", "*"];
const overlap = (a: string, b: string): boolean => a === b || EVERY.includes(a) || EVERY.includes(b);
