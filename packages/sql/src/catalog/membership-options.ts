import type { Membership } from "../desired/role";
import type { CatalogMembership } from "./types";

/** All options of one membership. */
export type MembershipOptions = Pick<CatalogMembership, "admin" | "inherit" | "set">;

export const OPTIONS = ["admin", "inherit", "set"] as const;

/** The options of a declared membership. `inherit` is the member's own, which is the default. */
export function optionsOf(declared: Membership, inherit: boolean): MembershipOptions {
  return { admin: declared.admin ?? false, inherit: declared.inherit ?? inherit, set: declared.set ?? true };
}

/**
 * The combined options of a pair's rows. The options of all grantors add up; an undeclared one counts only if this admin can remove it,
 * because others' grants are theirs.
 */
export function effectiveMembership(rows: readonly CatalogMembership[], wanted: MembershipOptions): MembershipOptions {
  const has = (option: keyof MembershipOptions): boolean =>
    rows.some((row) => row[option] && (wanted[option] || row.reachable));
  return { admin: has("admin"), inherit: has("inherit"), set: has("set") };
}
