import { first } from "@pgharbor/core";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { readServer } from "../catalog/cluster";
import { ExplainedError, UnreachableError } from "../errors";
import { connectDatabase, connectWritable, type Known, maintenanceDatabase } from "./connect";
import { explainConnection } from "./explain-connection";
import { isTransient } from "./transient";
import { settingsOf } from "./pin";
import type { SqlTarget } from "./target";

/** The advisory lock of all programs that change one cluster: the eight letters of "pgharbor" as a number. */
export const ADVISORY_LOCK = Buffer.from("pgharbor").readBigInt64BE().toString();
const LOCK_TIMEOUT_MS = 300_000;
const LOCK_POLL_MS = 200;
const ATTEMPTS = 10;

/** An admin's connection to one cluster. */
export class AdminSession {
  private locked = false;
  private known?: Known;

  constructor(
    /** The current caller's target, which receives the progress messages. */
    public target: SqlTarget,
    /** The connection to the maintenance database. */
    readonly client: Client,
  ) {}

  progress(message: string): void {
    this.target.onProgress?.(message);
  }

  /** Locks the cluster against other pgharbor programs until the connection ends. Polls, so that the wait is bounded and reported. */
  async lock(): Promise<void> {
    if (this.locked) return;
    const limit = this.target.lockTimeoutMs ?? LOCK_TIMEOUT_MS;
    const deadline = Date.now() + limit;
    for (let reported = false; !(await this.tryLock()); reported = true) {
      const holder = reported && Date.now() < deadline ? "" : await this.lockHolder();
      if (Date.now() >= deadline) {
        const problem = `another program has been changing this cluster for more than ${Math.round(limit / 1000)} s`;
        const fix = "wait until it is done, or end its session with pg_terminate_backend(pid)";
        throw new ExplainedError({ path: "advisory lock", problem, value: holder, fix });
      }
      if (!reported) this.progress(`waiting for another program that changes this cluster: ${holder}`);
      await sleep(LOCK_POLL_MS);
    }
    this.locked = true;
  }

  private async tryLock(): Promise<boolean> {
    const { rows } = await this.client.query<{ got: boolean }>("select pg_catalog.pg_try_advisory_lock($1) as got", [
      ADVISORY_LOCK,
    ]);
    return first(rows).got;
  }

  private async lockHolder(): Promise<string> {
    const { rows } = await this.client.query<{ holder: string }>(
      `select pg_catalog.format('pid %s, %s from %s', a.pid, a.application_name, coalesce(a.client_addr::text, 'a local socket')) as holder
      from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and ((l.classid::bigint << 32) | l.objid::bigint) = $1`,
      [ADVISORY_LOCK],
    );
    return rows[0]?.holder ?? "unknown";
  }

  /** Runs `fn` in another database, over a temporary connection. */
  async inDatabase<T>(database: string, fn: (client: Client) => Promise<T>): Promise<T> {
    if (database === maintenanceDatabase(this.target)) return fn(this.client);
    const known = (this.known ??= await this.learn());
    await this.refuseLoginTriggers(database, known);
    const client = await connectDatabase(this.target, database, known);
    try {
      return await fn(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async learn(): Promise<Known> {
    const { version, superuser } = await readServer(this.client);
    return { version, superuser, undisturbed: settingsOf(this.client) };
  }

  /**
   * A login event trigger runs in the session of every user who connects, before anything can be checked. A superuser's sessions disable
   * them; another admin does not connect.
   */
  private async refuseLoginTriggers(database: string, { version, superuser }: Known): Promise<void> {
    if (superuser || version < 170000) return;
    const { rows } = await this.client.query(
      "select from pg_catalog.pg_database where datname = $1 and dathasloginevt",
      [database],
    );
    if (rows.length === 0) return;
    throw new ExplainedError({
      path: `databases.${database}`,
      problem: "an event trigger runs at each login into this database, also at the admin user's",
      value: database,
      fix: "drop it as a superuser, and log in once; or let a superuser be the admin user",
    });
  }

  /** True if the connection is alive and still leads to the primary. */
  async usable(): Promise<boolean> {
    try {
      const { rows } = await this.client.query<{ standby: boolean }>("select pg_is_in_recovery() as standby");
      return !first(rows).standby;
    } catch {
      return false;
    }
  }

  async end(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

/** Serialises all calls of this process for one target over one connection, which ends with the last of them. */
interface Queue {
  tail: Promise<unknown>;
  waiting: number;
  session?: AdminSession;
  /** The last connection failure and its time. Calls that were already waiting then need not wait again. */
  unreached?: { error: UnreachableError; at: number };
}

const queues = new Map<string, Queue>();

function queueKey(target: SqlTarget): string {
  const { host, port, user, password, tls } = target;
  return createHash("sha256")
    .update(JSON.stringify([host, port, user, password, maintenanceDatabase(target), tls]))
    .digest("hex");
}

/**
 * Runs `fn` with an admin session. Waits until the server is writable, and calls `fn` again, with a new connection if necessary, after a
 * temporary failure (a failover, a deadlock, "tuple concurrently updated"). So `fn` must be repeatable: read the current state, then change
 * what differs.
 */
export async function withAdminConnection<T>(target: SqlTarget, fn: (session: AdminSession) => Promise<T>): Promise<T> {
  const key = queueKey(target);
  const queue: Queue = queues.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
  queues.set(key, queue);
  queue.waiting++;
  const since = Date.now();
  const turn = queue.tail.then(() => {
    if (queue.unreached !== undefined && queue.unreached.at >= since) throw queue.unreached.error;
    return attempts(target, queue, fn);
  });
  const done = turn
    .catch(() => undefined)
    .then(async () => {
      if (--queue.waiting > 0) return;
      queues.delete(key);
      await queue.session?.end();
    });
  queue.tail = done;
  try {
    return await turn;
  } finally {
    // The last caller waits for the connection's end, so that a finished program has no open socket.
    await done;
  }
}

async function attempts<T>(target: SqlTarget, queue: Queue, fn: (session: AdminSession) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const session = await sessionOf(target, queue);
    try {
      return await fn(session);
    } catch (error) {
      // A session in an unknown state (an open transaction, a lost socket) is not used again.
      queue.session = undefined;
      await session.end();
      if (!isTransient(error) || attempt === ATTEMPTS)
        throw explainConnection(target, maintenanceDatabase(target), error);
      target.onProgress?.(`attempt ${attempt} did not come through, trying again`);
      await sleep(Math.min(3_000, 50 * 2 ** attempt) * (0.75 + Math.random() / 2));
    }
  }
}

/** Throws the given error, and records that the server was unreachable. */
function recordAndThrow(queue: Queue, error: unknown): never {
  if (error instanceof UnreachableError) queue.unreached = { error, at: Date.now() };
  throw error;
}

async function sessionOf(target: SqlTarget, queue: Queue): Promise<AdminSession> {
  const open = queue.session;
  if (open && (await open.usable())) {
    open.target = target;
    return open;
  }
  queue.session = undefined;
  await open?.end();
  queue.session = new AdminSession(
    target,
    await connectWritable(target).catch((error: unknown) => recordAndThrow(queue, error)),
  );
  return queue.session;
}
