/** A member as Patroni lists it. */
export interface ListedMember {
  name: string;
  role: string;
  state: string;
}

/** Reads what `pgharbor-patroni status` has written. */
export const listedMembers = (status: string): ListedMember[] =>
  (JSON.parse(status) as { cluster?: { members?: ListedMember[] } }).cluster?.members ?? [];

export const listedLeader = (status: string): ListedMember | undefined =>
  listedMembers(status).find(({ role }) => role === "leader");
