import { type AccessDocument, databasesOf, rolesOf } from "../desired/access";
import type { PlanContext } from "./context";
import { isOwn, type Ownership, recordOf } from "../ownership/ownership";
import { canonical, type Claim } from "../ownership/store";

/**
 * What a declaration had before: what its state knows, and what the record has of a run that failed before the state
 * learnt of it. So the next run goes on with it, or takes it away where the program no longer has it.
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

/** What has to be written so that the record says that the declared objects are this declaration's. */
export function newClaims(ctx: PlanContext, kind: "role" | "database"): Claim[] {
  const names = kind === "role" ? [...rolesOf(ctx.next).keys()] : [...databasesOf(ctx.next).keys()];
  return names.flatMap((name): Claim[] => {
    const record = recordOf(ctx.ownership, kind, name);
    const own = isOwn(ctx.ownership, kind, name);
    if (own && record?.announced !== true && !(kind === "role" && isComingBack(ctx, name))) return [];
    const existed = kind === "role" ? ctx.cluster.roles.has(name) : ctx.cluster.databases.has(name);
    // Taken over from another declaration it stays what it was there.
    const adopted = record === undefined ? existed : record.adopted;
    const unfinished = kind === "database" && (own ? record?.unfinished === true : !existed && hasBaseline(ctx, name));
    return [{ kind, name, adopted, unfinished }];
  });
}

/** A role that was locked out by a run that failed before it dropped it, and is declared again. */
export const isComingBack = (ctx: PlanContext, name: string): boolean =>
  recordOf(ctx.ownership, "role", name)?.unfinished === true;

const hasBaseline = (ctx: PlanContext, name: string): boolean =>
  databasesOf(ctx.next).get(name)?.baselineSql !== undefined;
