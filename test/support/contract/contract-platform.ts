import type { Addresses } from "../connect";
import type { PatroniMember } from "../docker-cluster";

/** A command for `sh` in a container that prints the command lines and environments of its processes. */
export const PROCESSES = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '; true";

/** The platform's part of the contract. The program and the checks are the same on all platforms. */
export interface ContractPlatform {
  /** Settings of the quickstart's program, and its environment. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The host of a service in the outputs. */
  host(service: string): string;
  /** Addresses of hosts that this machine's DNS does not know. */
  addresses(): Promise<Addresses>;
  /** The members as Patroni sees them. */
  members(): Promise<PatroniMember[]>;
  /** The leader's own address. */
  leaderAddress(): Promise<string>;
  /** Changes only when something that runs is replaced or restarted. */
  lives(): Promise<Record<string, string>>;
  /** Every text in which someone without access to secrets could read a secret, by its origin. */
  readable(): Promise<Record<string, string>>;
  /** The existing objects of the cluster. */
  remains(): Promise<string[]>;
  remove(): Promise<void>;
}
