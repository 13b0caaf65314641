import { ExplainedError } from "@pgharbor/core";

import { lastLines } from "../../clients/docker/container-log";
import { dockerEngine } from "../../clients/docker/engine";
import { MOST_RESTARTS } from "./pod-trouble";

/** Log lines of crashing programs: first those of Postgres and of a failed restore, which say most, then those of Patroni and Python. */
const COMPLAINTS = [
  /^pgharbor: the database is not restored/,
  /\b(invalid value|unrecognized|FATAL|PANIC)\b/,
  /\b(ERROR|CRITICAL|\w+Exception|\w+Error)\b/,
] as const;
/** Every start logs these lines. */
const ORDINARY =
  /the database system is (starting up|shutting down|not (yet )?accepting connections)|terminating .* due to administrator command/;
const LOG_LINES = 300;
/** The number of log lines in the error: the first reason and a consequence of it. */
const SHOWN = 2;

/** Detects containers on a Docker engine that crash again and again, because waiting for them is useless. */
export class CrashWatch {
  private readonly before = new Map<string, number>();
  /** Older lines are of a former configuration. */
  private readonly since = Math.floor(Date.now() / 1000);

  constructor(
    private readonly engine: string,
    private readonly containers: readonly string[],
  ) {}

  /** Throws when a container has crashed too often since the first call. */
  async assertNotCrashing(): Promise<void> {
    for (const container of this.containers) {
      const found = await dockerEngine(this.engine)
        .getContainer(container)
        .inspect()
        .catch(() => undefined);
      if (found === undefined) continue;
      const before = this.before.get(container);
      if (before === undefined) this.before.set(container, found.RestartCount);
      else if (found.RestartCount - before >= MOST_RESTARTS)
        throw await this.crashed(container, found.RestartCount - before);
    }
  }

  private async crashed(container: string, times: number): Promise<Error> {
    const lines = await lastLines(dockerEngine(this.engine), container, LOG_LINES, this.since).catch(
      (): string[] => [],
    );
    const complaints = COMPLAINTS.flatMap((words) => lines.filter((line) => words.test(line) && !ORDINARY.test(line)));
    return new ExplainedError({
      path: `container ${container}`,
      problem: `it has ended ${times} times, and is started again by Docker each time`,
      value: complaints.length === 0 ? "no error in its log" : complaints.slice(0, SHOWN).join("; "),
      fix: `correct the error in its log; see \`docker logs ${container}\``,
    });
  }
}
