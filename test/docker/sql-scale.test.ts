import { type AccessDocument, applyAccess, makeVerifier } from "../../packages/sql/src";
import { secondsOfHashing } from "../support/hashing";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";

jest.setTimeout(600_000);

const USERS = 1_000;

/** Each user gets five rights on objects of its own. No two of the 5,000 grants are on the same objects. */
function crowd(tables: number): AccessDocument {
  const users: AccessDocument["users"] = { owner: { password: "owner pw" } };
  const grants: AccessDocument["grants"] = {};
  for (let i = 0; i < USERS; i++) {
    const role = `user_${i}`;
    users[role] = { password: `password of ${i}`, connlimit: 5, comment: `number ${i}` };
    const on = { role, database: "crowd", schema: "app" };
    grants[`${role}/connect`] = { role, on: "database", database: "crowd", privileges: ["CONNECT"] };
    grants[`${role}/usage`] = { ...on, on: "schema", privileges: ["USAGE"] };
    grants[`${role}/read`] = { ...on, on: "table", name: `t${i % tables}`, privileges: ["SELECT"] };
    grants[`${role}/write`] = { ...on, on: "table", name: `t${(i + 1) % tables}`, privileges: ["INSERT", "UPDATE"] };
    grants[`${role}/count`] = { ...on, on: "sequence", name: `s${i % tables}`, privileges: ["USAGE"] };
  }
  const make = (i: number): string => `create table app.t${i} (id int); create sequence app.s${i};`;
  const baselineSql = Array.from({ length: tables }, (_, i) => make(i)).join("\n");
  return { users, databases: { crowd: { owner: "owner", schemas: [{ name: "app" }], baselineSql } }, grants };
}

describe(`${USERS} users with 5 grants each`, () => {
  let server: PostgresContainer;
  beforeAll(async () => (server = await startPostgres()));
  afterAll(() => server?.remove());

  /** Measures this machine: the time to compute a verifier for each user, which dominates an unchanged document. */
  let hashing: number;
  beforeAll(async () => (hashing = await secondsOfHashing(USERS)));

  /**
   * Returns a time as a multiple of the hashing time. The slower of two measurements counts, because the machine may
   * have become busy.
   */
  const timed = async (what: string, work: () => Promise<{ executed: string[] }>): Promise<[number, string[]]> => {
    const since = Date.now();
    const { executed } = await work();
    const seconds = (Date.now() - since) / 1000;
    process.stderr.write(
      `  ${USERS} users with 5 grants each, ${what}: ${seconds.toFixed(2)} s, ${executed.length} statements\n`,
    );
    return [seconds / Math.max(hashing, await secondsOfHashing(USERS)), executed];
  };

  // The goals on an idle machine of two cores are 10 s and 2 s, where hashing takes about 0.9 s.
  it.each([1, 50])("over %s tables: applying and comparing cost a small multiple of the hashing", async (tables) => {
    const doc = crowd(tables);
    // Everything is measured and removed before anything is asserted, so that one slow step does not hide the others.
    const [made] = await timed(`made over ${tables} tables`, () => applyAccess(server.target, undefined, doc));
    const [unchanged, nothing] = await timed("unchanged", () => applyAccess(server.target, doc, doc));
    const next = structuredClone(doc);
    next.users!.user_7.password = "another one";
    delete next.grants!["user_8/write"];
    const [, few] = await timed("two changes", () => applyAccess(server.target, doc, next));
    next.databases!.crowd.onDelete = "drop";
    await timed("removed", () => applyAccess(server.target, next, {}));
    expect(nothing).toEqual([]);
    expect(few).toHaveLength(2);
    expect(made).toBeLessThan(20);
    expect(unchanged).toBeLessThan(6);
  });

  it("an unchanged document with verifiers instead of passwords is fast", async () => {
    const doc = crowd(50);
    for (const user of Object.values(doc.users!)) {
      user.passwordVerifier = await makeVerifier(user.password!);
      delete user.password;
    }
    await timed("made from verifiers", () => applyAccess(server.target, undefined, doc));
    const [unchanged, nothing] = await timed("unchanged verifiers", () => applyAccess(server.target, doc, doc));
    expect(nothing).toEqual([]);
    expect(unchanged).toBeLessThan(6);
  });
});
