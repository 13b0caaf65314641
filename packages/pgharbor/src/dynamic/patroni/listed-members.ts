/** A member in Patroni's list. */
export interface ListedMember {
  name: string;
  role: string;
  state: string;
}

/** Parses the output of `pgharbor-patroni status`. */
export const listedMembers = (status: string): ListedMember[] =>
  (JSON.parse(status) as { cluster?: { members?: ListedMember[] } }).cluster?.members ?? [];

export const listedLeader = (status: string): ListedMember | undefined =>
  listedMembers(status).find(({ role }) => role === "leader");
