import { setTimeout as sleep } from "node:timers/promises";

/** Members of a cluster on either platform. */
interface Members {
  exec(member: string, ...command: string[]): Promise<string>;
}

/** Waits until a query on a member returns a row. */
export async function untilReplicated(members: Members, member: string, query: string, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while ((await members.exec(member, "psql", "-XAtc", query)).trim() === "") {
    if (Date.now() > deadline) throw new Error(`${member} has no answer to ${query} after ${seconds} s`);
    await sleep(200);
  }
}
