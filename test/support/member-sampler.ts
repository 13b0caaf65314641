import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { clientOf, reachedAt, withClient, type Addresses } from "./connect";
import { besideAnotherPrimary, type Acknowledgement } from "./primaries";

/** A member, contacted directly, without gateways and poolers. */
export interface SampledMember {
  name: string;
  address: string;
}

/** Connects to the primary, where the table is created and checked. */
export interface DirectConnection {
  uri: string;
  ca: string;
  addresses?: Addresses;
}

/** The results of the samples. */
export interface Samples {
  taken: number;
  /** The members that acknowledged a write, in order, each listed once in a row. */
  writable: string[];
  /** Each write that a member acknowledged, in order. */
  acknowledged: Acknowledgement[];
  /** Writes that were acknowledged while another member led. */
  beside: string[];
  /** Writes that were acknowledged but are not in the table at the end. */
  lost: number;
}

const TABLE = "sampled_writes";
const INSERT = `insert into ${TABLE} values ($1, $2) returning pg_walfile_name(pg_current_wal_lsn()) as file`;
const EVERY_MILLISECONDS = 200;

/** Milliseconds since the epoch, never decreasing. */
const now = (): number => performance.timeOrigin + performance.now();

/**
 * Asks every member directly, without a pause, whether it is in recovery, and writes if it is not. The timeline
 * distinguishes two primaries from one that moves.
 */
export class MemberSampler {
  private stopping = false;
  private taken = 0;
  private nextId = 1;
  private readonly acknowledged: Acknowledgement[] = [];
  private readonly loops: Promise<void>[];

  private constructor(
    private readonly direct: DirectConnection,
    members: SampledMember[],
  ) {
    this.loops = members.map((member) => this.sample(member));
  }

  static async start(direct: DirectConnection, members: SampledMember[]): Promise<MemberSampler> {
    await withDirect(direct, (c) =>
      c.query(`drop table if exists ${TABLE}; create table ${TABLE} (id bigint primary key, member text not null)`),
    );
    return new MemberSampler(direct, members);
  }

  async stop(): Promise<Samples> {
    this.stopping = true;
    await Promise.all(this.loops);
    const { rows } = await withDirect(this.direct, (c) => c.query<{ id: string }>(`select id from ${TABLE}`));
    const stored = new Set(rows.map((row) => Number(row.id)));
    const acknowledged = [...this.acknowledged].sort((a, b) => a.at - b.at);
    const inOrder = acknowledged.map((one) => one.member);
    return {
      taken: this.taken,
      acknowledged,
      beside: besideAnotherPrimary(acknowledged),
      writable: inOrder.filter((member, i) => member !== inOrder[i - 1]),
      lost: this.acknowledged.filter((one) => !stored.has(one.id)).length,
    };
  }

  private async sample(member: SampledMember): Promise<void> {
    let client: Client | undefined;
    while (!this.stopping) {
      try {
        client ??= await this.connect(member);
        await this.ask(client, member);
      } catch {
        // Down, frozen, or a primary without a standby that confirms: the write was not acknowledged.
        client?.end().catch(() => undefined);
        client = undefined;
      }
      await sleep(EVERY_MILLISECONDS);
    }
    client?.end().catch(() => undefined);
  }

  private async ask(client: Client, member: SampledMember): Promise<void> {
    const { rows } = await client.query<{ standby: boolean }>("select pg_is_in_recovery() as standby");
    this.taken++;
    if (rows[0].standby) return;
    const [id, asked] = [this.nextId++, now()];
    const written = await client.query<{ file: string }>(INSERT, [id, member.name]);
    // The timeline is the first third of a WAL file's name.
    const timeline = parseInt(written.rows[0].file.slice(0, 8), 16);
    this.acknowledged.push({ id, member: member.name, timeline, asked, at: now() });
  }

  private async connect({ name, address }: SampledMember): Promise<Client> {
    const client = clientOf(this.direct.uri, this.direct.ca, {
      host: address,
      port: 5432,
      // The certificate contains the member's name, not its address.
      ssl: { ca: this.direct.ca, servername: name, checkServerIdentity: () => undefined },
      connectionTimeoutMillis: 2000,
      query_timeout: 2000,
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }
}

const withDirect = <T>({ uri, ca, addresses }: DirectConnection, work: (client: Client) => Promise<T>): Promise<T> =>
  withClient(uri, ca, work, reachedAt(uri, ca, addresses));
