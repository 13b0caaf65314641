import * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../dynamic/handled-resource";

/** Deleted after a member's container, it makes the rest of the cluster forget the member. On create it does nothing. */
export class Membership extends HandledResource {
  constructor(
    container: string,
    args: { engine: string; cluster: string; member: string; before: string[] },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("Membership", `${container}-membership`, { ...args }, opts);
  }
}
