import type { CatalogRole } from "../catalog/types";
import { rolesOf } from "../desired/access";
import { type DesiredRole, ROLE_FLAGS } from "../desired/role";
import { isComingBack } from "./recorded";
import { ident, literal } from "../quote";
import { type Statement, statement } from "../statement";
import { type PlanContext, refusal } from "./context";
import { parameterChanges } from "./parameters";

/** Creates and alters the declared roles; memberships follow when all of them exist. */
export function planRoles(ctx: PlanContext): Statement[] {
  const before = rolesOf(ctx.previous);
  return [...rolesOf(ctx.next).values()].flatMap((role) => planRole(ctx, before.get(role.name), role));
}

function planRole(ctx: PlanContext, previous: DesiredRole | undefined, next: DesiredRole): Statement[] {
  const found = ctx.cluster.roles.get(next.name);
  const path = `users.${next.name}`;
  const refused = found && refusal(ctx, "role", next, previous !== undefined);
  if (refused) {
    ctx.problems.push(refused);
    return [];
  }
  const date = next.validUntil == null ? null : timestamp(ctx, path, next.validUntil);
  if (!found) return createRole(ctx, next, date);
  return alterRole(previous, isComingBack(ctx, next.name) ? { ...next, login: next.login ?? true } : next, date, found);
}

/** INHERIT attribute that a role will have, which is also the default of its memberships. */
export function inheritOf(
  previous: DesiredRole | undefined,
  next: DesiredRole,
  found: CatalogRole | undefined,
): boolean {
  return next.inherit ?? (previous?.inherit === undefined ? (found?.inherit ?? true) : true);
}

/** Normalises a time to UTC: a date without a zone must not depend on the server's TimeZone. */
function timestamp(ctx: PlanContext, path: string, text: string): string | null {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  const fix = 'write it as "2027-01-31" or "2027-01-31T12:00:00Z"';
  ctx.problems.push({
    path: `${path}.validUntil`,
    problem: "must be a date in ISO 8601",
    value: JSON.stringify(text),
    fix,
  });
  return null;
}

function createRole(ctx: PlanContext, next: DesiredRole, validUntil: string | null): Statement[] {
  const { server } = ctx.cluster;
  if (!server.superuser && !server.createrole) {
    const fix = `run ALTER ROLE ${ident(server.admin)} CREATEROLE as a superuser, or use another admin user`;
    ctx.problems.push({
      path: `users.${next.name}`,
      problem: "the admin user may not create roles (CREATEROLE)",
      value: server.admin,
      fix,
    });
    return [];
  }
  // CREATE ROLE's default is NOLOGIN; the other flags have the same defaults.
  const flags = ROLE_FLAGS.filter((f) =>
    f.field === "login" ? next.login !== false : (next[f.field] ?? f.default) !== f.default,
  );
  const clauses = flags.map((f) => (f.field === "inherit" ? "NOINHERIT" : f.keyword));
  if (next.connlimit !== undefined && next.connlimit !== -1)
    clauses.push(`CONNECTION LIMIT ${integer(next.connlimit)}`);
  if (validUntil !== null) clauses.push(`VALID UNTIL ${literal(validUntil)}`);
  const name = ident(next.name);
  return [
    statement([`CREATE ROLE ${name}`, ...clauses].join(" "), `role ${next.name} does not exist`),
    ...(next.passwordVerifier ? [passwordStatement(next.name, next.passwordVerifier, `role ${next.name} is new`)] : []),
    ...parameterChanges(undefined, next.parameters, {}).map((clause) =>
      statement(`ALTER ROLE ${name} ${clause}`, "declared parameter"),
    ),
    ...(next.comment ? [statement(`COMMENT ON ROLE ${name} IS ${literal(next.comment)}`, "declared comment")] : []),
  ];
}

/** Only the verifier is sent; it stays out of the log and of all output. */
function passwordStatement(role: string, verifier: string | null, reason: string): Statement {
  const sql = `ALTER ROLE ${ident(role)} PASSWORD `;
  if (verifier === null) return statement(`${sql}NULL`, reason);
  return statement(sql + literal(verifier), reason, { display: `${sql}'***'`, sensitive: true });
}

const integer = (value: number): string => String(Math.trunc(value));

function alterRole(
  previous: DesiredRole | undefined,
  next: DesiredRole,
  validUntil: string | null,
  found: CatalogRole,
): Statement[] {
  const name = ident(next.name);
  const clauses: string[] = [];
  const differs: string[] = [];
  for (const { field, keyword, default: standard } of ROLE_FLAGS) {
    const wanted = next[field] ?? (previous?.[field] === undefined ? found[field] : standard);
    if (wanted === found[field]) continue;
    clauses.push(wanted ? keyword : `NO${keyword}`);
    differs.push(field);
  }
  const connlimit = next.connlimit ?? (previous?.connlimit === undefined ? found.connlimit : -1);
  if (connlimit !== found.connlimit) {
    clauses.push(`CONNECTION LIMIT ${integer(connlimit)}`);
    differs.push("connlimit");
  }
  const managed = next.validUntil !== undefined || previous?.validUntil !== undefined;
  if (managed && validUntil !== found.validUntil) {
    clauses.push(`VALID UNTIL ${literal(validUntil ?? "infinity")}`);
    differs.push("validUntil");
  }
  const out: Statement[] = [];
  if (clauses.length > 0)
    out.push(statement(`ALTER ROLE ${name} ${clauses.join(" ")}`, `${differs.join(", ")} not as declared`));
  const password = passwordChange(previous, next, found);
  if (password) out.push(password);
  for (const clause of parameterChanges(previous?.parameters, next.parameters, found.parameters)) {
    out.push(statement(`ALTER ROLE ${name} ${clause}`, "parameter not as declared"));
  }
  const comment = next.comment ?? (previous?.comment === undefined ? found.comment : null);
  if ((comment || null) !== found.comment) {
    out.push(statement(`COMMENT ON ROLE ${name} IS ${comment ? literal(comment) : "NULL"}`, "comment not as declared"));
  }
  return out;
}

function passwordChange(
  previous: DesiredRole | undefined,
  next: DesiredRole,
  found: CatalogRole,
): Statement | undefined {
  const wanted = next.passwordVerifier;
  if (wanted === undefined) return undefined;
  // If the stored verifier is unreadable, the previous declaration is compared instead.
  const stored = found.verifier === undefined ? previous?.passwordVerifier : found.verifier;
  if (stored === wanted) return undefined;
  const drifted = previous !== undefined && previous.passwordVerifier === wanted;
  return passwordStatement(
    next.name,
    wanted,
    drifted ? "the password was changed on the server" : "the password is a new one",
  );
}
