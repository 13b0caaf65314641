import { AccessDocument } from "../desired/access";
import { ClusterCatalog } from "../catalog/types";
import { Problem } from "../errors";
import { Statement, statement } from "../statement";
import { ident } from "../quote";

export interface PlanOptions {
  /** Take over every declared object that exists already. @default false */
  adopt?: boolean;
  /** Who gets what a dropped role owned. @default the owner of the database it is in, else the admin user */
  reassignOwnedTo?: string;
  /** Objects (`role:x`, `database:y`) that an earlier attempt of the same call made: they are no strangers. */
  made?: ReadonlySet<string>;
}

/** All that a planner looks at. It adds to `problems` and never stops at the first. */
export interface PlanContext {
  previous: AccessDocument | undefined;
  next: AccessDocument;
  cluster: ClusterCatalog;
  options: PlanOptions;
  problems: Problem[];
  /** The names of the roles that each document declares: every one of thousands of grants asks for them. */
  declaredBefore: ReadonlySet<string>;
  declaredNow: ReadonlySet<string>;
}

export function planContext(
  parts: Pick<PlanContext, "previous" | "next" | "cluster" | "options">,
  problems: Problem[] = [],
): PlanContext {
  const namesOf = (doc: AccessDocument | undefined): Set<string> => new Set(Object.keys(doc?.users ?? {}));
  return { ...parts, problems, declaredBefore: namesOf(parts.previous), declaredNow: namesOf(parts.next) };
}

/** Whether a role was declared and is no longer: its rights go with it. */
export function isLeaving(ctx: PlanContext, role: string): boolean {
  return ctx.declaredBefore.has(role) && !ctx.declaredNow.has(role);
}

/** Whether an object that exists and was not declared before may be managed. */
export function mayTake(
  ctx: PlanContext,
  kind: "role" | "database",
  name: string,
  adopt: boolean | undefined,
): boolean {
  return ctx.options.adopt === true || adopt === true || ctx.options.made?.has(`${kind}:${name}`) === true;
}

/**
 * Puts before the statements of one transaction the memberships that an admin without superuser rights needs for them,
 * each just before its first use, and gives them back at the end: nothing of it stays, whatever happens in between.
 */
export function withBorrowedRights(
  ctx: Pick<PlanContext, "cluster">,
  statements: readonly Statement[],
  adminHas: ReadonlyMap<string, boolean> = new Map(),
): Statement[] {
  const { server, roles } = ctx.cluster;
  if (server.superuser) return [...statements];
  const has = (role: string): boolean =>
    role === server.admin || (roles.get(role)?.adminHasIt ?? adminHas.get(role) ?? false);
  const borrowed = new Set<string>();
  const out: Statement[] = [];
  for (const s of statements) {
    for (const role of s.needs) {
      if (has(role) || borrowed.has(role)) continue;
      borrowed.add(role);
      out.push(takeRights(ctx, role, s.database));
    }
    out.push(s);
  }
  return [...out, ...[...borrowed].map((role) => giveBackRights(ctx, role, statements[0].database))];
}

function takeRights({ cluster: { server } }: Pick<PlanContext, "cluster">, role: string, database?: string): Statement {
  const options = server.version >= 160000 ? " WITH INHERIT TRUE, SET TRUE" : "";
  const sql = `GRANT ${ident(role)} TO ${ident(server.admin)}${options}`;
  return statement(sql, `${server.admin} acts for ${role} in this transaction`, { database });
}

function giveBackRights(
  { cluster: { server, memberships } }: Pick<PlanContext, "cluster">,
  role: string,
  database?: string,
): Statement {
  const own = memberships.find((m) => m.role === role && m.member === server.admin && m.grantor === server.admin);
  const onOff = (value: boolean): string => (value ? "TRUE" : "FALSE");
  const sql = own
    ? `GRANT ${ident(role)} TO ${ident(server.admin)} WITH INHERIT ${onOff(own.inherit)}, SET ${onOff(own.set)}`
    : `REVOKE ${ident(role)} FROM ${ident(server.admin)}`;
  return statement(sql, `${server.admin} stops acting for ${role}`, { database });
}
