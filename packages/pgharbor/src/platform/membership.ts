import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

export type MembershipProps = LocationArgs & {
  cluster: string;
  /** Patroni's name of the member. */
  member: string;
  /** Containers of the members with lower numbers. */
  before: string[];
  /** The claim to delete with the member. */
  deleteClaim?: string;
};

/** Its deletion, after that of the member's container, removes the member from Patroni and drops its slots. Creation does nothing. */
export class Membership extends HandledResource<"Membership"> {
  constructor(container: string, props: MembershipProps, opts: pulumi.CustomResourceOptions) {
    super("Membership", `${container}-membership`, { ...props }, opts);
  }
}
