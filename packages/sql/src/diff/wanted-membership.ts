import type { Membership } from "../desired/role";

/** One declared membership, and whether its member inherits. */
export interface WantedMembership {
  path: string;
  member: string;
  declared: Membership;
  inherit: boolean;
}
