import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

export type MembershipProps = LocationArgs & {
  cluster: string;
  /** As Patroni knows it. */
  member: string;
  /** Containers of those that were there before it. */
  before: string[];
  /** The claim that goes with it. */
  deleteClaim?: string;
};

/** Deleted after a member's container, it makes the rest of the cluster forget the member. On create it does nothing. */
export class Membership extends HandledResource<"Membership"> {
  constructor(container: string, props: MembershipProps, opts: pulumi.CustomResourceOptions) {
    super("Membership", `${container}-membership`, { ...props }, opts);
  }
}
