/** One privilege of one role on one object. */
export interface PrivilegeAtom {
  kind: string;
  schema: string;
  name: string;
  column: string;
  grantee: string;
  privilege: string;
  grantable: boolean;
}

export type AtomMap = Map<string, PrivilegeAtom>;

export interface PrivilegeChanges {
  grant: PrivilegeAtom[];
  /** `grantable` if it has a grant option: the grants of its holder are revoked, too. */
  revoke: PrivilegeAtom[];
  revokeOption: PrivilegeAtom[];
}
