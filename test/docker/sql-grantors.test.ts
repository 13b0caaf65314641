import {
  type AccessDocument,
  applyAccess,
  type Grant,
  ident,
  readAccess,
  type SqlTarget,
} from "../../packages/sql/src";
import { adminTarget, askAs, serverWithAdmins } from "../support/sql-admins";

jest.setTimeout(600_000);

/**
 * PostgreSQL chooses the grantor of a GRANT or REVOKE among all roles that the current role is a member of, the oldest first. `elder` is older
 * than the owner of everything, and holds everything with grant option.
 */
describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  const postgres = serverWithAdmins({ major });

  describe.each(["superuser", "hosted"])("as a %s admin", (admin) => {
    let target: SqlTarget;
    const lines: string[] = [];
    beforeAll(() => void (target = { ...adminTarget(postgres.server, admin), onProgress: (line) => lines.push(line) }));
    beforeEach(() => void lines.splice(0));

    const declaration = `urn:${admin}`;
    const name = (what: string): string => `${what}_${admin}`;
    const [elder, host, bob, house] = ["elder", "host", "bob", "house"].map(name);
    const apply = (before: AccessDocument | undefined, next: AccessDocument) =>
      applyAccess(target, before, next, { declaration });
    const inside = <T extends object>(user: string, ...queries: string[]): Promise<T[]> =>
      askAs<T>(postgres.server, { user: user === "root" ? undefined : user, database: house }, ...queries);
    const roles = async (like: string): Promise<string[]> =>
      (
        await postgres.root.query<{ name: string }>("select rolname as name from pg_roles where rolname like $1", [
          like,
        ])
      ).rows.map((row) => row.name);

    const users = Object.fromEntries([elder, host, bob].map((user) => [user, { password: `${user} pw` }]));
    const connect = (role: string): Grant => ({ role, database: house, on: "database", privileges: ["CONNECT"] });
    const document: AccessDocument = {
      users,
      databases: { [house]: { owner: host, onDelete: "drop", schemas: [{ name: "app" }] } },
      grants: { elder: connect(elder), bob: connect(bob) },
    };
    const withGrants = (grants: Record<string, Grant>): AccessDocument => ({
      ...document,
      grants: { ...document.grants, ...grants },
    });
    const on = (what: Partial<Grant> & Pick<Grant, "on">): Grant => ({
      role: bob,
      database: house,
      schema: "app",
      privileges: ["ALL"],
      ...what,
    });
    const everything: Record<string, Grant> = {
      // The first grant also needs the rights of the older role.
      theirs: on({ on: "table", name: "theirs", privileges: ["SELECT"] }),
      table: on({ on: "table", name: "t", privileges: ["SELECT"] }),
      column: on({ on: "table", name: "u", columns: ["a"], privileges: ["UPDATE"] }),
      sequence: on({ on: "sequence", name: "s", privileges: ["USAGE"] }),
      function: on({ on: "function", name: "f()" }),
      type: on({ on: "type", name: "mood" }),
      schema: on({ on: "schema", privileges: ["CREATE", "USAGE"] }),
      public: on({ on: "schema", schema: "public", privileges: ["CREATE"] }),
      database: on({ on: "database", schema: undefined, privileges: ["TEMPORARY"] }),
    };
    const OBJECTS = [
      "SELECT ON app.t",
      "UPDATE (a) ON app.u",
      "USAGE ON SEQUENCE app.s",
      "EXECUTE ON FUNCTION app.f()",
      "USAGE ON TYPE app.mood",
      "CREATE, USAGE ON SCHEMA app",
      "CREATE ON SCHEMA public",
      `TEMPORARY ON DATABASE ${ident(house)}`,
    ];
    const grantTo = (to: string, option = " WITH GRANT OPTION"): string[] =>
      OBJECTS.map((what) => `GRANT ${what} TO ${ident(to)}${option}`);
    /** Returns the grantors of everything that a role holds in the database, except CONNECT. */
    const grantorsTo = async (grantee: string): Promise<string[]> =>
      (
        await inside<{ grantor: string }>(
          "root",
          `select distinct by.rolname as grantor from (
            select relacl as acl from pg_class union all select attacl from pg_attribute union all select proacl from pg_proc
            union all select typacl from pg_type union all select nspacl from pg_namespace
            union all select datacl from pg_database where datname = current_database()
          ) o cross join lateral aclexplode(acl) a join pg_roles g on g.oid = a.grantee join pg_roles by on by.oid = a.grantor
          where g.rolname = '${grantee}' and a.privilege_type <> 'CONNECT' order by 1`,
        )
      ).map((row) => row.grantor);

    beforeEach(async () => {
      await apply(undefined, document);
      await inside(
        host,
        "create table app.t (a int); create table app.u (a int); create sequence app.s; create type app.mood as enum ('fine')",
        "create function app.f() returns int language sql return 1; revoke all on function app.f() from public; revoke all on type app.mood from public",
        ...grantTo(elder),
      );
      await inside(elder, "create table app.theirs (a int)");
    });
    afterEach(async () => {
      await apply(document, {});
      expect(await roles(`%_${admin}`)).toEqual([]);
    });

    it("a grant that is no longer declared is revoked along with any other changes", async () => {
      const all = withGrants(everything);
      await apply(document, all);
      // On schema public the owner grants as pg_database_owner.
      expect(await grantorsTo(bob)).toEqual([elder, host, "pg_database_owner"].sort());
      const { theirs } = everything;
      await apply(all, withGrants({ theirs }));
      // Only the grant on the older role's own table is left.
      expect(await grantorsTo(bob)).toEqual([elder]);
      await apply(withGrants({ theirs }), document);
      expect(await grantorsTo(bob)).toEqual([]);
      expect((await apply(document, document)).executed).toEqual([]);
      expect(lines.join("\n")).not.toMatch(/keeps/);
    });

    it("a grant by a holder of the grant option stays, is reported, and does not replace the declared one", async () => {
      await inside(elder, ...grantTo(bob, ""));
      const { theirs: _, ...declared } = everything;
      const all = withGrants(declared);
      // The declaration adds its own grants. The others end when their grantor loses the grant option.
      expect((await apply(document, all)).executed).not.toEqual([]);
      expect((await apply(all, all)).executed).toEqual([]);
      await inside(host, `REVOKE ALL ON app.t FROM ${ident(elder)} CASCADE`);
      expect(await inside(bob, "select from app.t")).toEqual([]);
      await inside(host, `GRANT SELECT ON app.t TO ${ident(elder)} WITH GRANT OPTION`);
      await inside(elder, `GRANT SELECT ON app.t TO ${ident(bob)}`);
      // A refresh reports that the declared grant is missing, although the other grant exists.
      await inside(host, `REVOKE SELECT ON app.t FROM ${ident(bob)}`);
      const { document: read } = await readAccess(target, all);
      expect(Object.keys(all.grants!).filter((label) => read.grants?.[label] === undefined)).toEqual(["table"]);
      await apply(all, all);
      await apply(all, document);
      expect(await grantorsTo(bob)).toEqual([elder]);
      expect(lines.join("\n")).toContain(
        `${bob} keeps SELECT on table app.t in database ${house}: ${elder} granted it, too`,
      );
      expect((await apply(document, document)).executed).toEqual([]);
    });

    it("a user older than the owner is dropped with all rights that the owner gave it", async () => {
      await inside(elder, ...grantTo(bob, ""), "drop table app.theirs");
      const { [elder]: _, ...rest } = users;
      const next = { ...document, users: rest, grants: { bob: connect(bob) } };
      await apply(document, next);
      expect(await roles(elder)).toEqual([]);
      expect(await grantorsTo(bob)).toEqual([]);
      expect((await apply(next, next)).executed).toEqual([]);
    });

    it("an owner without USAGE on the schema of its table is handled, too, and keeps its rights", async () => {
      await inside(host, `GRANT CREATE, USAGE ON SCHEMA app TO ${ident(bob)}`);
      await inside(
        bob,
        "create table app.bobs (a int)",
        `GRANT SELECT ON app.bobs TO ${ident(elder)} WITH GRANT OPTION`,
      );
      await inside(host, `REVOKE CREATE, USAGE ON SCHEMA app FROM ${ident(bob)}`);
      const bobs = { bobs: { ...on({ on: "table", name: "bobs", privileges: ["INSERT"] }), role: elder } };
      await apply(document, withGrants(bobs));
      expect(await inside(elder, "insert into app.bobs values (1) returning a")).toEqual([{ a: 1 }]);
      await apply(withGrants(bobs), document);
      await expect(inside(elder, "insert into app.bobs values (1)")).rejects.toThrow(/permission denied/);
      await expect(inside(bob, "select from app.bobs")).rejects.toThrow(/permission denied for schema/);
      const { [elder]: _, ...rest } = users;
      await apply(document, { ...document, users: rest, grants: { bob: connect(bob) } });
      expect(await roles(elder)).toEqual([]);
      await expect(inside(bob, "select from app.bobs")).rejects.toThrow(/permission denied for schema/);
    });

    it("rights on schemas and on the objects in them change together, whoever owns them", async () => {
      await inside(host, `GRANT CREATE, USAGE ON SCHEMA app TO ${ident(bob)}`);
      await inside(bob, "create table app.bobs (a int)");
      await inside(host, `REVOKE CREATE, USAGE ON SCHEMA app FROM ${ident(bob)}`);
      const both = withGrants({
        usage: on({ on: "schema", privileges: ["USAGE"] }),
        bobs: { ...on({ on: "table", name: "bobs", privileges: ["INSERT"] }), role: elder },
      });
      await apply(document, both);
      expect((await readAccess(target, both)).document).toEqual(both);
      expect((await apply(both, both)).executed).toEqual([]);
      await apply(both, document);
      expect((await apply(document, document)).executed).toEqual([]);
      await expect(inside(elder, "insert into app.bobs values (1)")).rejects.toThrow(/permission denied/);
      await expect(inside(bob, "select from app.bobs")).rejects.toThrow(/permission denied for schema/);
    });

    it("on a superuser's objects the admin grants with its own rights", async () => {
      await inside(
        "root",
        "create table public.roots (a int)",
        `grant select on roots to ${ident(target.user)} with grant option`,
      );
      const roots = withGrants({ roots: on({ on: "table", schema: "public", name: "roots", privileges: ["SELECT"] }) });
      await apply(document, roots);
      expect(await inside(bob, "select from public.roots")).toEqual([]);
      expect((await apply(roots, roots)).executed).toEqual([]);
      await apply(roots, document);
      await expect(inside(bob, "select from public.roots")).rejects.toThrow(/permission denied/);
      await inside("root", "drop table public.roots");
    });

    if (major !== "15")
      it("a declared membership remains when the member that granted it is dropped", async () => {
        const team = name("team");
        const withTeam = (members: string[], removed: string[] = []): AccessDocument => ({
          ...document,
          users: Object.fromEntries(
            Object.entries({ [team]: { login: false }, ...users })
              .filter(([user]) => !removed.includes(user))
              .map(([user, spec]) => [
                user,
                members.includes(user) ? { ...spec, memberships: [{ role: team, admin: user === elder }] } : spec,
              ]),
          ),
          grants: removed.includes(elder) ? { bob: connect(bob) } : document.grants,
        });
        await apply(document, withTeam([elder]));
        await inside(elder, `grant ${ident(team)} to ${ident(bob)}`);
        await apply(withTeam([elder]), withTeam([elder, bob]));
        await apply(withTeam([elder, bob]), withTeam([bob], [elder]));
        expect((await apply(withTeam([bob], [elder]), withTeam([bob], [elder]))).executed).toEqual([]);
        expect(await inside("root", `select pg_has_role('${bob}', '${team}', 'MEMBER') as is`)).toEqual([{ is: true }]);
        await apply(withTeam([bob], [elder]), document);
      });

    if (major === "15")
      it("a membership stays one when the role that granted it is dropped, which leaves no grantor", async () => {
        const withHost = { ...document, users: { ...users, [bob]: { ...users[bob], memberships: [{ role: host }] } } };
        await inside(
          "root",
          `create role middle createrole; set role middle; grant ${ident(host)} to ${ident(bob)}; reset role; drop role middle`,
        );
        await apply(document, withHost);
        expect((await apply(withHost, withHost)).executed).toEqual([]);
        await apply(withHost, document);
        expect(await inside("root", `select pg_has_role('${bob}', '${host}', 'MEMBER') as is`)).toEqual([
          { is: false },
        ]);
      });

    it("an owner that revokes the admin's CONNECT on a database does not block changes", async () => {
      const grants = { ...everything };
      const other = { declaration: `urn:other-${admin}` };
      const access: AccessDocument = { grants };
      await inside(host, `REVOKE CONNECT ON DATABASE ${ident(house)} FROM ${ident(target.user)}`);
      if (admin === "hosted") {
        await readAccess(target, access);
        expect(lines.join("\n")).toMatch(/grants are not compared, because its owner keeps this admin out/);
      }
      await applyAccess(target, undefined, access, other);
      expect(await inside(bob, "select from app.t")).toEqual([]);
      await postgres.root.query(`alter database ${ident(house)} allow_connections false`);
      const fewer = { grants: { table: grants.table } };
      const words =
        /house_.*: its schemas and grants cannot be changed, because the database takes no connections.*ALLOW_CONNECTIONS true/;
      await expect(applyAccess(target, access, fewer, other)).rejects.toThrow(words);
      await postgres.root.query(`alter database ${ident(house)} allow_connections true`);
      await applyAccess(target, access, fewer, other);
      await applyAccess(target, fewer, {}, other);
      expect(await grantorsTo(bob)).toEqual([]);
    });
  });
});
