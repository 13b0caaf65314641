import type { AccessDocument } from "../desired/access";
import type { DesiredDatabase } from "../desired/database";
import type { DesiredRole, OnDelete } from "../desired/role";
import { ExplainedError } from "../errors";
import { immutableRoleChanges } from "../desired/immutable";
import { applyAccess, type ApplyOptions, type ApplyResult } from "./access";
import type { SqlTarget } from "./target";

/** A change of one object, with its previous and its new declaration. */
export interface Change<T> {
  previous?: T;
  next: T;
  /** Adopts an existing object of that name. @default false */
  adopt?: boolean;
  /** As in ApplyOptions. @default one for each object */
  declaration?: string;
  formerDeclaration?: string;
}

const users = (role: DesiredRole): AccessDocument => ({ users: { [role.name]: withoutName(role) } });
const databases = (d: DesiredDatabase): AccessDocument => ({ databases: { [d.name]: withoutName(d) } });

function withoutName<T extends { name: string }>(named: T): Omit<T, "name"> {
  const entry: Partial<T> = { ...named };
  delete entry.name;
  return entry as Omit<T, "name">;
}

/** Without a given declaration, each object is a separate one. */
const optionsOf = (
  kind: "role" | "database",
  { adopt, declaration, formerDeclaration, next }: Change<{ name: string }>,
): ApplyOptions => ({
  adopt,
  formerDeclaration,
  declaration: declaration ?? declarationOf(kind, next.name),
  sweep: false,
});

const declarationOf = (kind: "role" | "database", name: string): string => `${kind} ${name}`;

/** Creates or alters one role. A changed name is an error, because it needs a new role (see immutableRoleChanges). */
export function applyRole(target: SqlTarget, change: Change<DesiredRole>): Promise<ApplyResult> {
  refuseRename("role", change);
  return applyAccess(target, change.previous && users(change.previous), users(change.next), optionsOf("role", change));
}

/**
 * Drops one role that is recorded as created by the declaration. The role's objects in all databases go to
 * `reassignOwnedTo` or to a role without rights. It is no error if the role is gone or belongs to another declaration
 * now.
 */
export function dropRole(
  target: SqlTarget,
  name: string,
  options: Pick<ApplyOptions, "reassignOwnedTo" | "declaration"> & { onDelete?: OnDelete } = {},
): Promise<ApplyResult> {
  const { onDelete, declaration = declarationOf("role", name), ...rest } = options;
  return applyAccess(target, { users: { [name]: { onDelete } } }, {}, { ...rest, declaration, sweep: false });
}

/** Creates or alters one database. A changed name, encoding or locale is an error (see immutableDatabaseChanges). */
export function applyDatabase(target: SqlTarget, change: Change<DesiredDatabase>): Promise<ApplyResult> {
  refuseRename("database", change);
  return applyAccess(
    target,
    change.previous && databases(change.previous),
    databases(change.next),
    optionsOf("database", change),
  );
}

/**
 * Drops one database with all data, if `drop` is given and it is recorded as created by the declaration; otherwise the
 * database stays. It is no error if the database is gone.
 */
export function dropDatabase(
  target: SqlTarget,
  name: string,
  options: Pick<ApplyOptions, "declaration"> & { onDelete: OnDelete },
): Promise<ApplyResult> {
  const { onDelete, declaration = declarationOf("database", name) } = options;
  if (onDelete === "retain") return Promise.resolve({ executed: [] });
  return applyAccess(target, { databases: { [name]: { onDelete } } }, {}, { declaration, sweep: false });
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
