import * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "../../program/cluster-internals";
import { entryOf, type PublishedPort } from "../../program/registry";

const programOf = (target: object): object => pulumi.runtime.getStackResource() ?? target;

export const declarePort = (target: object, port: PublishedPort): void =>
  void entryOf(programOf(target)).ports.push(port);

/** Host ports that are already taken at an address. */
export function takenPorts(
  target: object,
  { plan, addedServices }: ClusterInternals,
  address: string,
): { port: number; by: string }[] {
  const { name, autoPorts } = plan.model;
  const ofServices = autoPorts
    ? []
    : [...plan.model.services, ...addedServices].map((s) => ({
        address: s.bindAddress,
        port: s.port,
        by: `the service ${s.name} of ${name}`,
      }));
  return [...ofServices, ...entryOf(programOf(target)).ports].filter((t) => overlap(t.address, address));
}

const EVERY = ["0.0.0.0", "::", "*"];
const overlap = (a: string, b: string): boolean => a === b || EVERY.includes(a) || EVERY.includes(b);
