import type * as pulumi from "@pulumi/pulumi";
import type { PlannedMember } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import { claimsStay } from "./claims";
import { memberContainer, placeOf, type KubernetesContext } from "./context";

/** Depends on all members, so that a destroy begins with it: where claims stay, the one that starts first must lead last. */
export class LastLeader extends HandledResource {
  constructor(context: KubernetesContext, first: PlannedMember, opts: pulumi.CustomResourceOptions) {
    const { facts } = context;
    const member = claimsStay(context) ? memberContainer(facts, first.name) : undefined;
    super("LastLeader", `${facts.name}-last-leader`, { ...placeOf(context), cluster: facts.name, member }, opts);
  }
}
