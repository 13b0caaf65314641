import type { PrivilegeKey } from "../catalog/query";

/** One privilege of one role on one object. */
export interface PrivilegeAtom extends PrivilegeKey {
  grantable: boolean;
}

export type AtomMap = Map<string, PrivilegeAtom>;

export interface PrivilegeChanges {
  grant: PrivilegeAtom[];
  /** `grantable` if the role holds the grant option: grants that the role made are revoked, too. */
  revoke: PrivilegeAtom[];
  revokeOption: PrivilegeAtom[];
  /** Rights on columns that a revoke on their table takes with it. */
  restore: PrivilegeAtom[];
  /** No longer declared, but also granted by holders of a grant option. */
  kept: (PrivilegeAtom & { others: readonly string[] })[];
}
