import * as pulumi from "@pulumi/pulumi";
import type { ClusterInternals } from "../../program/cluster-internals";

/** A port of the host that something of the program is published on. */
interface TakenPort {
  address: string;
  port: number;
  by: string;
}

// By program: one process may run several, as tests do.
const taken = new WeakMap<object, TakenPort[]>();
const programOf = (target: object): object => pulumi.runtime.getStackResource() ?? target;

export function takePort(target: object, port: TakenPort): void {
  taken.set(programOf(target), [...(taken.get(programOf(target)) ?? []), port]);
}

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
  return [...ofServices, ...(taken.get(programOf(target)) ?? [])].filter((t) => overlap(t.address, address));
}

const EVERY = ["0.0.0.0", "::", "*"];
const overlap = (a: string, b: string): boolean => a === b || EVERY.includes(a) || EVERY.includes(b);
