import type { AccessDocument } from "../desired/access";
import type { ClusterCatalog } from "../catalog/types";
import type { Explanation } from "../errors";
import { isOwn, type Ownership, recordOf } from "../ownership/ownership";

export interface PlanOptions {
  /** Adopts every declared object that already exists. @default false */
  adopt?: boolean;
  /**
   * The new owner of a dropped role's objects. @default a role without rights for each database, of which the database's owner is a member
   */
  reassignOwnedTo?: string;
  /** Objects (`role:x`, `database:y`) created by an earlier attempt of the same call. */
  made?: ReadonlySet<string>;
}

/** Input of the planners. They add all problems to `problems`. */
export interface PlanContext {
  previous: AccessDocument | undefined;
  next: AccessDocument;
  cluster: ClusterCatalog;
  options: PlanOptions;
  /** Managers of objects; undefined if this admin cannot keep a record, and then nothing is dropped. */
  ownership?: Ownership;
  problems: Explanation[];
  /** Lines about what stays as it is, and why. */
  notes: string[];
  /** Role names of each document, precomputed because thousands of grants look them up. */
  declaredBefore: ReadonlySet<string>;
  declaredNow: ReadonlySet<string>;
}

export function planContext(
  parts: Pick<PlanContext, "previous" | "next" | "cluster" | "options" | "ownership">,
  problems: Explanation[] = [],
): PlanContext {
  const namesOf = (doc: AccessDocument | undefined): Set<string> => new Set(Object.keys(doc?.users ?? {}));
  return { ...parts, problems, notes: [], declaredBefore: namesOf(parts.previous), declaredNow: namesOf(parts.next) };
}

/** True if a role left the declaration and may be dropped, which removes its rights. */
export function isLeaving(ctx: PlanContext, role: string): boolean {
  return ctx.declaredBefore.has(role) && !ctx.declaredNow.has(role) && mayDropRole(ctx, role);
}

/** Only roles recorded as this declaration's own are dropped; adopted ones stay unless onDelete is drop. */
function mayDropRole(ctx: PlanContext, role: string): boolean {
  if (!isOwn(ctx.ownership, "role", role)) return false;
  const onDelete = ctx.previous?.users?.[role]?.onDelete;
  if (onDelete !== undefined) return onDelete === "drop";
  return recordOf(ctx.ownership, "role", role)?.adopted === false;
}

/** The reason why an existing object may not be managed; undefined if it may. */
export function refusal(
  ctx: PlanContext,
  kind: "role" | "database",
  { name, adopt }: { name: string; adopt?: boolean },
  declaredBefore: boolean,
): Explanation | undefined {
  if (isOwn(ctx.ownership, kind, name) || ctx.options.adopt === true || adopt === true) return undefined;
  const path = `${kind === "role" ? "users" : "databases"}.${name}`;
  const other = recordOf(ctx.ownership, kind, name);
  if (other !== undefined) {
    const fix =
      "if the resource was renamed or moved, run up with its former name, then rename it with that name in opts.aliases; " +
      "or set adopt: true to take the object over from there";
    return {
      path,
      problem: `a ${kind} of that name is managed by ${other.declaration}`,
      value: JSON.stringify(name),
      fix,
    };
  }
  if (declaredBefore || ctx.options.made?.has(`${kind}:${name}`)) return undefined;
  const fix = "choose another name, or set adopt: true to manage the one that exists";
  const problem = `a ${kind} of that name exists already and was not made by this declaration`;
  return { path, problem, value: JSON.stringify(name), fix };
}
