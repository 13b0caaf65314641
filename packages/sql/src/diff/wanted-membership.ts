import type { Membership } from "../desired/role";

/** One declared membership, with the member's INHERIT. */
export interface WantedMembership {
  path: string;
  member: string;
  declared: Membership;
  inherit: boolean;
}
