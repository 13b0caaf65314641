import type { AccessDocument } from "../desired/access";
import type { ClaimedGrants } from "../ownership/ownership";
import type { PlanContext } from "./context";
import { grantProblems } from "./privileges";

export function entries<T>(record: Record<string, T> | undefined): [string, T][] {
  return Object.entries(record ?? {});
}

/** Grants without labels as a document. */
export const asDocument = (claimed: ClaimedGrants | undefined): AccessDocument => ({
  grants: labelled(claimed?.grants),
  defaultPrivileges: labelled(claimed?.defaultPrivileges),
});

const labelled = <T>(list: readonly T[] = []): Record<string, T> =>
  Object.fromEntries(list.map((item, i) => [`recorded ${i}`, item]));

/** Checks the grants' shape, and that every named role exists or is declared. */
export function checkGrantees(ctx: PlanContext): void {
  const exists = (role: string): boolean =>
    role === "public" || ctx.cluster.roles.has(role) || ctx.declaredNow.has(role);
  const check = (path: string, role: string): void => {
    if (exists(role)) return;
    const fix = "declare that user too, or create it before";
    ctx.problems.push({ path, problem: "the role does not exist", value: JSON.stringify(role), fix });
  };
  for (const [label, g] of entries(ctx.next.grants)) {
    ctx.problems.push(...grantProblems(`grants.${label}`, g));
    check(`grants.${label}.role`, g.role);
  }
  for (const [label, p] of entries(ctx.next.defaultPrivileges)) {
    check(`defaultPrivileges.${label}.role`, p.role);
    check(`defaultPrivileges.${label}.owner`, p.owner);
  }
}
