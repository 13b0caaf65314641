import { isDeepStrictEqual } from "node:util";
import { comparableLocation, execAt, locationOf, type Location } from "../../clients/location";
import type { Handler } from "../provider/handler";
import { listedLeader } from "./listed-members";
import { problemOfCommand } from "./problem-of-command";

interface Member {
  name: string;
  container: string;
}

/** The placement of the primary before members are replaced. */
export type PrimaryPlacementInputs = Location & {
  cluster: string;
  /** The members that may lead, in the order of their replacement, with Patroni's names. */
  members: Member[];
  /** The arguments of the members' containers. A change of them replaces the containers. */
  memberTemplate: Record<string, unknown>;
  /** A member's memory limit, in bytes, and Patroni's dynamic configuration for it. No change by themselves. */
  memory?: number;
  config?: Record<string, unknown>;
};

/**
 * Runs before the members' containers change. When a change replaces them one after the other, the primary moves to the member that
 * is replaced last: every other is then a replica, and the primary moves at most twice. When a change removes the primary's member
 * or no longer lets it lead, the primary moves first, to a member that stays.
 *
 * Members that get less memory must start with parameters for it, so the configuration is written before they change. With more
 * memory it is written afterwards.
 */
export const primaryPlacement: Handler<PrimaryPlacementInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },

  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, olds, news) {
    // Added members do not exist yet. Removed ones are deleted after everything else.
    const staying = news.members.filter((member) => olds.members.some((old) => old.name === member.name));
    const leaving = olds.members.filter((member) => !staying.some(({ name }) => name === member.name));
    if (isLess(news.memory, olds.memory)) await writeAhead(locationOf(news), staying, news.config);
    const isReplaced = staying.length > 1 && !isDeepStrictEqual(olds.memberTemplate, news.memberTemplate);
    if (isReplaced || (await isLeaderAmong(leaving, locationOf(news), staying)))
      await moveToLast(locationOf(news), staying);
    return { outs: news };
  },
};

const comparable = (inputs: PrimaryPlacementInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  members: inputs.members,
  memberTemplate: inputs.memberTemplate,
});

const isLess = (now: number | undefined, before: number | undefined): boolean =>
  now !== undefined && now < (before ?? Infinity);

/** Merges the configuration without a restart. `Patroni` later applies the complete configuration. */
async function writeAhead(
  location: Location,
  members: Member[],
  config: PrimaryPlacementInputs["config"],
): Promise<void> {
  const command = ["patronictl", "edit-config", "--apply", "-", "--force", "--quiet"];
  for (const { container } of members) {
    const problem = await problemOfCommand(location, container, command, { stdin: JSON.stringify(config) });
    if (problem === undefined) return;
    console.log(`${container} does not apply the configuration for less memory: ${problem}`);
  }
}

/** Asks a member that stays. Where none answers, the primary hands over when it stops. */
async function isLeaderAmong(leaving: Member[], location: Location, staying: Member[]): Promise<boolean> {
  if (leaving.length === 0) return false;
  for (const { container } of staying) {
    try {
      const { code, stdout } = await execAt(location, container, ["pgharbor-patroni", "status"]);
      if (code !== 0) continue;
      const leader = listedLeader(stdout);
      return leaving.some(({ name }) => name === leader?.name);
    } catch (error) {
      console.log(`${container} does not report the leader: ${(error as Error).message}`);
    }
  }
  return false;
}

/** Never fails: without this switchover, the replacement only moves the primary more often. */
async function moveToLast(location: Location, members: Member[]): Promise<void> {
  for (const { name, container } of [...members].reverse()) {
    const command = ["pgharbor-patroni", "switchover", "--to", name];
    const problem = await problemOfCommand(location, container, command, { onStderr: (line) => console.log(line) });
    if (problem === undefined) return;
    console.log(`${container} does not become primary before the members are replaced: ${problem}`);
  }
}
