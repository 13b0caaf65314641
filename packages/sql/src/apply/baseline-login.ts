import { required } from "@pgharbor/core";
import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import type { PlanContext } from "../diff/context";
import { withRights } from "../diff/rights";
import { claimObjects } from "../ownership/store";
import { ident, literal } from "../quote";
import { makeVerifier } from "../scram";
import { statement } from "../statement";
import { inTransaction, runAll } from "./execute";
import type { AdminSession } from "./session";

const LOGIN = "pgharbor_baseline_";
/** This role exists on a pgharbor cluster, where pg_hba.conf gives the role's members the same access as the admin. */
const GROUP = "pgharbor_baseline";

/** Creates a login that is a member of the database's owner, and of no other role with rights. */
export async function makeBaselineLogin(
  session: AdminSession,
  ctx: PlanContext,
  of: { owner: string; database: string },
): Promise<{ name: string; password: string }> {
  const login = { name: LOGIN + randomBytes(6).toString("hex"), password: randomBytes(24).toString("base64url") };
  const name = ident(login.name);
  const owner = ident(of.owner);
  const verifier = await makeVerifier(login.password);
  const reason = `runs the baseline of ${of.database}`;
  const statements = [
    statement(`CREATE ROLE ${name} LOGIN CONNECTION LIMIT 1 VALID UNTIL ${literal(tomorrow())}`, reason),
    statement(`COMMENT ON ROLE ${name} IS ${literal(reason)}`, reason),
    statement(`ALTER ROLE ${name} PASSWORD ${literal(verifier)}`, reason, {
      display: `ALTER ROLE ${name} PASSWORD '***'`,
      sensitive: true,
    }),
    statement(`GRANT ${owner} TO ${name}`, reason),
    ...((await mayGrantGroup(session.client)) ? [statement(`GRANT ${ident(GROUP)} TO ${name}`, reason)] : []),
    // RESET ROLE returns to this role.
    statement(`ALTER ROLE ${name} SET role TO ${literal(of.owner)}`, reason),
    ...(await quietSettings(session.client)).map((setting) => statement(`ALTER ROLE ${name} SET ${setting}`, reason)),
  ];
  await inTransaction(session.client, async () => {
    await runAll(session.client, withRights(ctx, statements), [login.password, verifier]);
    const { declaration } = required(ctx.ownership, "the record of ownership");
    await claimObjects(session.client, declaration, [{ kind: "login", name: login.name, adopted: false }]);
  });
  return login;
}

async function mayGrantGroup(client: Client): Promise<boolean> {
  const { rows } = await client.query(
    "select from pg_catalog.pg_roles where rolname = $1 and pg_catalog.pg_has_role(oid, 'MEMBER WITH ADMIN OPTION')",
    [GROUP],
  );
  return rows.length > 0;
}

/** A baseline may contain secrets, so the server neither logs nor shows it if the admin may set that. */
async function quietSettings(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ setting: string }>(
    `select pg_catalog.format('%I TO %L', name, value) as setting
    from (values ('log_statement', 'none'), ('log_min_duration_statement', '-1'), ('log_min_error_statement', 'panic'),
      ('pg_stat_statements.track_utility', 'off'), ('track_activities', 'off')) as quiet(name, value)
    where pg_catalog.has_parameter_privilege(name, 'SET')`,
  );
  return rows.map((row) => row.setting);
}

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();
