import type { Membership } from "../desired/role";
import type { CatalogMembership } from "./types";

/** The options of one membership, all of them known. */
export type MembershipOptions = Pick<CatalogMembership, "admin" | "inherit" | "set">;

export const OPTIONS = ["admin", "inherit", "set"] as const;

/** A declared membership's options. `inherit` is the member's own, which is the default. */
export function optionsOf(declared: Membership, inherit: boolean): MembershipOptions {
  return { admin: declared.admin ?? false, inherit: declared.inherit ?? inherit, set: declared.set ?? true };
}

/**
 * What the rows of one pair amount to. The rights of all grantors add up; one that is not declared counts only where this admin can
 * take it away, for what others granted and it cannot change is theirs.
 */
export function effectiveMembership(rows: readonly CatalogMembership[], wanted: MembershipOptions): MembershipOptions {
  const has = (option: keyof MembershipOptions): boolean =>
    rows.some((row) => row[option] && (wanted[option] || row.reachable));
  return { admin: has("admin"), inherit: has("inherit"), set: has("set") };
}
