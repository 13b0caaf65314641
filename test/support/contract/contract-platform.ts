import type { Addresses } from "../connect";
import type { PatroniMember } from "../docker-cluster";

/** For `sh` in a container: the command lines and environments of what runs there. */
export const PROCESSES = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '; true";

/** What the contract asks of a platform: everything else is the same program and the same checks. */
export interface ContractPlatform {
  /** Settings of the quickstart's program, and the environment it runs in. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** The host of a service as the outputs say it. */
  host(service: string): string;
  /** Where hosts that this machine's DNS does not know are reached. */
  addresses(): Promise<Addresses>;
  /** The members as Patroni sees them. */
  members(): Promise<PatroniMember[]>;
  /** The leader's own address. */
  leaderAddress(): Promise<string>;
  /** Changes when something that runs is replaced or restarted, and only then. */
  lives(): Promise<Record<string, string>>;
  /** Everything in which a secret could be read by somebody who may not read secrets, by the name of the place. */
  readable(): Promise<Record<string, string>>;
  /** The existing objects of the cluster. */
  remains(): Promise<string[]>;
  remove(): Promise<void>;
}
