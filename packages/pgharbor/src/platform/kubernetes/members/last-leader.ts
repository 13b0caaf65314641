import type * as pulumi from "@pulumi/pulumi";
import type { ResolvedMember } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { retainsClaims } from "./claims";
import { memberContainer, locationArgs, type KubernetesContext } from "../context/context";

/**
 * Depends on all members, so that a destroy deletes it first. If claims are retained, the member that starts first must be the last leader.
 */
export class LastLeader extends HandledResource<"LastLeader"> {
  constructor(context: KubernetesContext, first: ResolvedMember, opts: pulumi.CustomResourceOptions) {
    const { model } = context;
    const member = retainsClaims(context) ? memberContainer(model, first.name) : undefined;
    super("LastLeader", `${model.name}-last-leader`, { ...locationArgs(context), cluster: model.name, member }, opts);
  }
}
