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
  /** `grantable` where it is with grant option: what was passed on goes with it. */
  revoke: PrivilegeAtom[];
  revokeOption: PrivilegeAtom[];
}
