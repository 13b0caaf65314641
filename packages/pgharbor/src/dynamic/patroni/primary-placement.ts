import { isDeepStrictEqual } from "node:util";
import { comparableLocation, execAt, locationOf, type Location } from "../../clients/location";
import type { Handler } from "../provider/handler";
import { listedLeader } from "./listed-members";
import { problemOfCommand } from "./problem-of-command";

interface Member {
  name: string;
  container: string;
}

/** Where the primary should be before members are replaced. */
export interface PrimaryPlacementInputs extends Location {
  cluster: string;
  /** The members that may lead, in the order they are replaced in; `name` as Patroni has it. */
  members: Member[];
  /** What the members' containers are made of: a change of it replaces them. */
  madeOf: Record<string, unknown>;
  /** Most memory of a member, in bytes, and Patroni's dynamic configuration that goes with it. By themselves no change. */
  memory?: number;
  config?: Record<string, unknown>;
}

/**
 * Goes before the members' containers. When a change is about to replace them one after the other, it moves the primary to
 * the one that is replaced last: every other is then a replica, and the primary moves twice at most. When a change takes the
 * primary's member out, or lets it lead no more, it moves first, and to one that stays.
 *
 * Where members get less memory, each must start with the parameters for it: the configuration is written ahead of them. With
 * more memory it comes after them.
 */
export const primaryPlacement: Handler<PrimaryPlacementInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },

  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, olds, news) {
    // Members that a change adds are not there yet; those that it removes go when all else is done.
    const staying = news.members.filter((member) => olds.members.some((old) => old.name === member.name));
    const leaving = olds.members.filter((member) => !staying.some(({ name }) => name === member.name));
    if (isLess(news.memory, olds.memory)) await writeAhead(locationOf(news), staying, news.config);
    const isReplaced = staying.length > 1 && !isDeepStrictEqual(olds.madeOf, news.madeOf);
    if (isReplaced || (await leadsOneOf(leaving, locationOf(news), staying)))
      await moveToLast(locationOf(news), staying);
    return { outs: news };
  },
};

const comparable = (inputs: PrimaryPlacementInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  members: inputs.members,
  madeOf: inputs.madeOf,
});

const isLess = (now: number | undefined, before: number | undefined): boolean =>
  now !== undefined && now < (before ?? Infinity);

/** Merged into what is there, and nobody is restarted. What it cannot do, the whole configuration does when all are back. */
async function writeAhead(
  location: Location,
  members: Member[],
  config: PrimaryPlacementInputs["config"],
): Promise<void> {
  const command = ["patronictl", "edit-config", "--apply", "-", "--force", "--quiet"];
  for (const { container } of members) {
    const problem = await problemOfCommand(location, container, command, { stdin: JSON.stringify(config) });
    if (problem === undefined) return;
    console.log(`${container} does not take the configuration for less memory: ${problem}`);
  }
}

/** As one of those that stay knows; where none says, the primary hands over when it stops. */
async function leadsOneOf(leaving: Member[], location: Location, staying: Member[]): Promise<boolean> {
  if (leaving.length === 0) return false;
  for (const { container } of staying) {
    try {
      const { code, stdout } = await execAt(location, container, ["pgharbor-patroni", "status"]);
      if (code !== 0) continue;
      const leader = listedLeader(stdout);
      return leaving.some(({ name }) => name === leader?.name);
    } catch (error) {
      console.log(`${container} does not say who leads: ${(error as Error).message}`);
    }
  }
  return false;
}

/** Without it the replacement only moves the primary more often: nothing here is worth failing for. */
async function moveToLast(location: Location, members: Member[]): Promise<void> {
  for (const { name, container } of [...members].reverse()) {
    const command = ["pgharbor-patroni", "switchover", "--to", name];
    const problem = await problemOfCommand(location, container, command, { onStderr: (line) => console.log(line) });
    if (problem === undefined) return;
    console.log(`${container} does not take over before the members are replaced: ${problem}`);
  }
}
