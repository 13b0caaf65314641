import { CONNECTION_ENDED } from "../../clients/kubernetes/exec/exec";
import { execAt, type Location } from "../../clients/location";

/** The exit status of `pgharbor-patroni apply-config` where it started and did not finish. */
const HALF_DONE = 3;

/** No member ran the command. */
export class NobodyAsked extends Error {}

/**
 * Sends a command to the first member that answers, because each member knows the cluster. A change that may still run
 * in one member is not started in another: two would restart members at once. `what` is a function if the command
 * depends on the time of the run.
 */
export async function askMembers(
  location: Location,
  cluster: string,
  members: string[],
  what: string[] | (() => string[]),
  options?: { stdin?: string; onStderr?: (line: string) => void },
): Promise<string> {
  const failures: string[] = [];
  let command: string[] = [];
  let wasRun = false;
  for (const member of members) {
    command = Array.isArray(what) ? what : what();
    const changes = command.includes("apply-config");
    try {
      const result = await execAt(location, member, command, options);
      if (result.code === 0) return result.stdout;
      wasRun = true;
      failures.push(`${member}: ${result.stderr.trim().split("\n").slice(-3).join("; ")}`);
      if (changes && result.code === HALF_DONE) break;
    } catch (error) {
      if (changes && (error as { code?: string }).code === CONNECTION_ENDED) throw error;
      failures.push(`${member}: ${(error as Error).message}`);
    }
  }
  const asked = command.slice(0, 2).join(" ");
  const message = `${cluster}: ${asked} did not succeed:\n${failures.map((f) => `  ${f}`).join("\n")}`;
  throw wasRun ? new Error(message) : new NobodyAsked(message);
}
