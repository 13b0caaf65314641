import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { clientOf, reachedAt, withClient, type Addresses } from "./connect";

export interface WritersOptions {
  /** A pooled service of the primary, to which the clients write. */
  uri: string;
  /** A connection to the primary without a pooler, where the table is created and checked. */
  direct: string;
  ca: string;
  addresses?: Addresses;
  /** @default CLIENTS */
  clients?: number;
  /** A client's pause after each transaction, so that a small machine has time for other work. @default 20 */
  thinkMilliseconds?: number;
}

export const CLIENTS = 50;

/** The clients' view of what happened between two moments. */
export interface WritersReport {
  acknowledged: number;
  /** Transactions that failed. */
  failed: number;
  /** Connections that were refused or that broke before a transaction began. */
  refused: number;
  /** Acknowledged ids that are not in the table. */
  lost: number[];
  /** The longest time without an acknowledged commit of any client. */
  longestGapSeconds: number;
  seconds: number;
  /** Each message once, with its count. */
  errors: Record<string, number>;
}

const TABLE = "acknowledged_writes";

/**
 * Clients that write ids in order and record each acknowledged commit. Every second client uses transactions of several
 * statements, which a pooler cannot move to another server halfway.
 */
export class Writers {
  private stopping = false;
  private nextId = 1;
  private noted: number[] = [];
  private failed = 0;
  private refused = 0;
  private errors: Record<string, number> = {};
  private lastAt = performance.now();
  private since = performance.now();
  private longestGap = 0;
  private readonly loops: Promise<void>[] = [];

  private constructor(private readonly options: WritersOptions) {}

  /** Resolves when every client has written once. */
  static async start(options: WritersOptions): Promise<Writers> {
    const writers = new Writers(options);
    await writers.withDirect((c) =>
      c.query(`drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, client int not null)`),
    );
    const first = Array.from(
      { length: options.clients ?? CLIENTS },
      (_, client) => new Promise<void>((resolve) => void writers.loops.push(writers.write(client, resolve))),
    );
    await orFail(
      Promise.all(first),
      120,
      () => `not every client could write; errors: ${JSON.stringify(writers.errors)}`,
    );
    writers.forget();
    return writers;
  }

  /** Resolves when clients have got acknowledgements after this call, and have continued for a while. */
  async untilWriting(timeoutSeconds: number): Promise<void> {
    const called = performance.now();
    const enough = this.noted.length + 5 * (this.options.clients ?? CLIENTS);
    while (this.noted.length < enough) {
      if (performance.now() - called > timeoutSeconds * 1000)
        throw new Error(`no steady writes within ${timeoutSeconds} s; errors: ${JSON.stringify(this.errors)}`);
      await sleep(50);
    }
  }

  /** Returns what happened since the start or the last report. */
  async report(): Promise<WritersReport> {
    const { noted, failed, refused, errors } = this;
    const now = performance.now();
    const seconds = round((now - this.since) / 1000);
    const longestGapSeconds = round(Math.max(this.longestGap, now - this.lastAt) / 1000);
    this.forget();
    const lost = await this.missing(noted);
    return { acknowledged: noted.length, failed, refused, lost, longestGapSeconds, seconds, errors };
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  private forget(): void {
    this.noted = [];
    this.failed = 0;
    this.refused = 0;
    this.errors = {};
    this.longestGap = 0;
    this.since = performance.now();
  }

  private async missing(ids: number[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const low = ids.reduce((least, id) => Math.min(least, id));
    const high = ids.reduce((most, id) => Math.max(most, id));
    const { rows } = await this.withDirect((c) =>
      c.query<{ id: string }>(`select id from ${TABLE} where id between $1 and $2`, [low, high]),
    );
    const stored = new Set(rows.map((row) => Number(row.id)));
    return ids.filter((id) => !stored.has(id));
  }

  private withDirect<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const { direct, ca, addresses } = this.options;
    return withClient(direct, ca, work, reachedAt(direct, ca, addresses));
  }

  private async write(number: number, onFirst: () => void): Promise<void> {
    let client: Client | undefined;
    while (!this.stopping) {
      client ??= await this.connect();
      if (client === undefined) continue;
      const id = this.nextId++;
      try {
        await transaction(client, number, id);
        this.acknowledge(id);
        onFirst();
      } catch (error) {
        this.failed++;
        this.note(error);
        client.end().catch(() => undefined);
        client = undefined;
      }
      await sleep(this.options.thinkMilliseconds ?? 20);
    }
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<Client | undefined> {
    const { uri, ca, addresses } = this.options;
    const client = clientOf(uri, ca, {
      ...reachedAt(uri, ca, addresses),
      // A client that waits longer than any switchover takes would hide a hang.
      connectionTimeoutMillis: 60_000,
      query_timeout: 90_000,
    });
    client.on("error", () => undefined); // the current or the next transaction reports it
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.refused++;
      this.note(error);
      client.end().catch(() => undefined);
      await sleep(200);
      return undefined;
    }
  }

  private acknowledge(id: number): void {
    const now = performance.now();
    this.longestGap = Math.max(this.longestGap, now - this.lastAt);
    this.lastAt = now;
    this.noted.push(id);
  }

  private note(error: unknown): void {
    const message = (error as Error).message;
    this.errors[message] = (this.errors[message] ?? 0) + 1;
  }
}

async function orFail(work: Promise<unknown>, seconds: number, message: () => string): Promise<void> {
  const ended = new AbortController();
  const timeout = sleep(seconds * 1000, undefined, { signal: ended.signal }).then(() => {
    throw new Error(message());
  });
  await Promise.race([work, timeout]).finally(() => ended.abort());
}

async function transaction(client: Client, number: number, id: number): Promise<void> {
  const insert = `insert into ${TABLE} (id, client) values ($1, $2)`;
  if (number % 2 === 0) {
    await client.query(insert, [id, number]);
    return;
  }
  await client.query("begin");
  await client.query(insert, [id, number]);
  await client.query(`select max(id) from ${TABLE}`);
  await client.query("commit");
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** One line for a reader: `switchover: 0 failed of 4321, 0 lost, longest gap 1.2 s`. */
export function sayReport(event: string, report: WritersReport, more = ""): void {
  const { acknowledged, failed, refused, lost, longestGapSeconds, seconds } = report;
  process.stderr.write(
    `${event}: ${failed} failed of ${acknowledged + failed} transactions, ${refused} connections refused, ` +
      `${lost.length} acknowledged lost, longest gap ${longestGapSeconds.toFixed(1)} s, watched ${seconds.toFixed(0)} s${more}\n`,
  );
}
