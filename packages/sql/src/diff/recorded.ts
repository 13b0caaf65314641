import { type AccessDocument, databasesOf, rolesOf } from "../desired/access";
import type { PlanContext } from "./context";
import { isOwn, type Ownership, recordOf } from "../ownership/ownership";
import { canonical, type Claim } from "../ownership/store";

/**
 * The previous document plus records of a run that failed before the state was saved. So the next run continues it, or removes what the
 * program no longer has.
 */
export function withRecorded(
  before: AccessDocument | undefined,
  next: AccessDocument,
  ownership: Ownership | undefined,
): AccessDocument | undefined {
  if (ownership === undefined) return before;
  const roles = [...ownership.objects.values()]
    .filter((o) => o.kind === "role" && isOwn(ownership, "role", o.name))
    .map((o) => o.name)
    .filter((name) => next.users?.[name] === undefined && before?.users?.[name] === undefined);
  const users = { ...before?.users, ...Object.fromEntries(roles.map((name) => [name, {}])) };
  const grants = withMissing(before?.grants, ownership.mine.grants);
  const defaultPrivileges = withMissing(before?.defaultPrivileges, ownership.mine.defaultPrivileges);
  return { ...before, users, grants, defaultPrivileges };
}

function withMissing<T extends Parameters<typeof canonical>[0]>(
  declared: Record<string, T> = {},
  recorded: readonly T[],
): Record<string, T> {
  const known = new Set(Object.values(declared).map(canonical));
  const missing = recorded.filter((g) => !known.has(canonical(g)));
  return { ...declared, ...Object.fromEntries(missing.map((g, i) => [`recorded ${i}`, g])) };
}

/** Claims that are missing in the record for the declared objects. */
export function newClaims(ctx: PlanContext, kind: "role" | "database"): Claim[] {
  const names = kind === "role" ? [...rolesOf(ctx.next).keys()] : [...databasesOf(ctx.next).keys()];
  return names.flatMap((name): Claim[] => {
    const record = recordOf(ctx.ownership, kind, name);
    const own = isOwn(ctx.ownership, kind, name);
    if (own && record?.announced !== true && !(kind === "role" && isComingBack(ctx, name))) return [];
    const existed = kind === "role" ? ctx.cluster.roles.has(name) : ctx.cluster.databases.has(name);
    // An object from another declaration keeps its `adopted`.
    const adopted = record === undefined ? existed : record.adopted;
    const unfinished = kind === "database" && (own ? record?.unfinished === true : !existed && hasBaseline(ctx, name));
    return [{ kind, name, adopted, unfinished }];
  });
}

/** True for a role that a failed run locked out but did not drop, and that is declared again. */
export const isComingBack = (ctx: PlanContext, name: string): boolean =>
  recordOf(ctx.ownership, "role", name)?.unfinished === true;

const hasBaseline = (ctx: PlanContext, name: string): boolean =>
  databasesOf(ctx.next).get(name)?.baselineSql !== undefined;
