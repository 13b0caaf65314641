import type { KubernetesMembers } from "../kubernetes-members";

/** Returns the start time of each member's Postgres, in seconds since the epoch. */
export async function startsOf(members: KubernetesMembers): Promise<Record<string, number>> {
  const query = "select extract(epoch from pg_postmaster_start_time())";
  const starts: Record<string, number> = {};
  for (const { metadata } of await members.pods())
    starts[metadata.name] = Number(await members.exec(metadata.name, "psql", "-XAtc", query));
  return starts;
}

/** The time from the stop request to a member's Postgres until it streams again, from its log. */
export interface PostgresRestart {
  pod: string;
  /** Timestamps in the node's format, which compare as text. */
  from: string;
  to: string;
}

/**
 * Returns the restarts of all members since a moment, in the order in which they began. A restart is too short for its
 * pod to become unready.
 */
export async function postgresRestarts(members: KubernetesMembers, since: Date): Promise<PostgresRestart[]> {
  const found: PostgresRestart[] = [];
  for (const { metadata } of await members.pods()) {
    const pod = metadata.name;
    const log = await members.kubectl(
      "logs",
      pod,
      "-c",
      "patroni",
      "--timestamps",
      `--since-time=${since.toISOString()}`,
    );
    let from: string | undefined;
    for (const line of log.split("\n")) {
      const at = line.split(" ", 1)[0];
      if (line.includes("received fast shutdown request")) from ??= at;
      if (from === undefined || !line.includes("started streaming WAL from primary")) continue;
      found.push({ pod, from, to: at });
      from = undefined;
    }
    if (from !== undefined)
      throw new Error(`${pod}: its Postgres stopped at ${from} and does not stream again:\n${log}`);
  }
  return found.sort((a, b) => (a.from < b.from ? -1 : 1));
}
