import { AccessDocument } from "../desired/access";
import { DesiredDatabase, OnDelete } from "../desired/database";
import { DesiredRole } from "../desired/role";
import { ExplainedError } from "../errors";
import { immutableRoleChanges } from "../desired/immutable";
import { applyAccess, ApplyOptions, ApplyResult } from "./access";
import { SqlTarget } from "./target";

/** A change of one object: as it was declared before, and as it is declared now. */
export interface Change<T> {
  previous?: T;
  next: T;
  /** Take over an object of that name that exists already. @default false */
  adopt?: boolean;
}

const users = (role: DesiredRole | undefined): AccessDocument | undefined =>
  role && { users: { [role.name]: withoutName(role) } };
const databases = (d: DesiredDatabase | undefined): AccessDocument | undefined =>
  d && { databases: { [d.name]: withoutName(d) } };

function withoutName<T extends { name: string }>(named: T): Omit<T, "name"> {
  const entry: Partial<T> = { ...named };
  delete entry.name;
  return entry as Omit<T, "name">;
}

/** Creates or alters one role. A changed name is an error: it needs a new role (see immutableRoleChanges). */
export function applyRole(target: SqlTarget, change: Change<DesiredRole>): Promise<ApplyResult> {
  refuseRename("role", change);
  return applyAccess(target, users(change.previous), users(change.next)!, { adopt: change.adopt });
}

/** Drops one role; what it owns, in any database, goes to `reassignOwnedTo` or the database's owner. A role that is gone is no error. */
export function dropRole(
  target: SqlTarget,
  name: string,
  options: Pick<ApplyOptions, "reassignOwnedTo"> = {},
): Promise<ApplyResult> {
  return applyAccess(target, { users: { [name]: {} } }, {}, options);
}

/** Creates or alters one database. A changed name, encoding or locale is an error (see immutableDatabaseChanges). */
export function applyDatabase(target: SqlTarget, change: Change<DesiredDatabase>): Promise<ApplyResult> {
  refuseRename("database", change);
  return applyAccess(target, databases(change.previous), databases(change.next)!, { adopt: change.adopt });
}

/** Drops one database with all its data when asked to (`drop`); else it stays. A database that is gone is no error. */
export function dropDatabase(target: SqlTarget, name: string, options: { onDelete: OnDelete }): Promise<ApplyResult> {
  if (options.onDelete === "retain") return Promise.resolve({ executed: [] });
  return applyAccess(target, { databases: { [name]: { onDelete: "drop" } } }, {});
}

function refuseRename(kind: string, { previous, next }: Change<{ name: string }>): void {
  const [change] = previous ? immutableRoleChanges(previous, next) : [];
  if (!change) return;
  const problem = `a ${kind} cannot be renamed in place`;
  throw new ExplainedError({
    path: `${kind}.name`,
    problem,
    value: change.to,
    fix: `keep ${change.from}, or make a new ${kind}`,
  });
}
