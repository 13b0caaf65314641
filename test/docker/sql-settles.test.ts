import fc from "fast-check";
import type { Client } from "pg";
import { type AccessDocument, applyAccess, applyRole, ident, readAccess, type SqlTarget } from "../../packages/sql/src";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";
import { adminTarget } from "../support/sql-admins";
import { DATABASE, ROLES, stories, type Story } from "../support/settling-documents";

jest.setTimeout(3_600_000);

/** `SETTLES_RUNS=300 npm test -- docker` for a long search. */
const RUNS = Number(process.env.SETTLES_RUNS ?? 12);
/** Someone made one role a member of the other, so the server refuses the declared direction. A person must decide. */
const LOOP = /0LP01/;

describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  let server: PostgresContainer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major });
    root = await server.connect();
    const login = { login: true, createrole: true, createdb: true };
    await applyRole(server.target, { next: { name: "hosted", password: "hosted pw", ...login } });
    // Each admin has a separate ownership record.
    await root.query("create database hosted owner hosted");
  });
  afterAll(async () => {
    await root?.end();
    await server?.remove();
  });

  const as = (admin: string): SqlTarget => adminTarget(server, admin);

  async function wipe(): Promise<void> {
    await root.query(`drop database if exists ${DATABASE} with (force)`);
    const { rows } = await root.query<{ name: string }>(
      "select rolname as name from pg_roles where rolname = any($1)",
      [ROLES],
    );
    const names = rows.map((r) => ident(r.name)).join(", ");
    if (names !== "") await root.query(`drop owned by ${names} cascade; drop role ${names}`);
  }

  /** A refresh reports no difference, and a second run changes nothing. */
  async function expectSettled(step: string, target: SqlTarget, doc: AccessDocument): Promise<void> {
    expect([step, (await readAccess(target, doc)).document]).toEqual([step, doc]);
    expect([step, (await applyAccess(target, doc, doc)).executed]).toEqual([step, []]);
  }

  async function runAsOthers(statements: readonly string[]): Promise<void> {
    const inside = await server.connect({
      user: server.target.user,
      password: server.target.password,
      database: DATABASE,
    });
    for (const sql of statements) {
      await inside.query(sql).catch(() => undefined);
      await inside.query("reset role");
    }
    await inside.end();
  }

  async function tell(target: SqlTarget, { first, strangers, second }: Story): Promise<void> {
    await applyAccess(target, undefined, first);
    await expectSettled("made", target, first);
    await runAsOthers(strangers);
    try {
      await applyAccess(target, first, first);
      await expectSettled("put right", target, first);
      await applyAccess(target, first, second);
      await expectSettled("changed", target, second);
    } catch (error) {
      if (!LOOP.test((error as Error).message)) throw error;
    }
  }

  it.each(["superuser", "hosted"])(
    "declarations by a %s admin settle, whatever they contain and whatever others change",
    (admin) =>
      fc.assert(
        fc
          .asyncProperty(stories({ major: Number(major), superuser: admin === "superuser" }), (story) =>
            tell(as(admin), story),
          )
          .beforeEach(wipe),
        { numRuns: RUNS },
      ),
  );
});
