import * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, parseBytes, type ResolvedMember } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";
import { labelsOf } from "../context/metadata";
import { quantity } from "../pods/pod-parts";

/** What happens to a claim. The arguments distinguish a destroy from a removed member, but Pulumi only has one deletion. */
export interface ClaimRetention {
  /** The deletion of the resource retains the claim. */
  retain: boolean;
  /** The removal of the member deletes its claim, although a destroy retains it. */
  deleteOnScaleDown: boolean;
  /** A destroy deletes the claims that earlier scale-downs retained. */
  deleteOnDestroy: boolean;
}

/** True if a destroy retains claims. */
export const retainsClaims = ({ spec }: KubernetesContext): boolean => spec.storage?.retainOnDelete === true;

/** The first member by number is only deleted with the cluster. */
const isFirst = ({ model }: KubernetesContext, member: ResolvedMember): boolean => member === model.members[0];

export function claimRetention(context: KubernetesContext, member: ResolvedMember): ClaimRetention {
  const { retainOnDelete = false, retainOnScaleDown = false } = context.spec.storage ?? {};
  return {
    retain: retainOnDelete || (retainOnScaleDown && !isFirst(context, member)),
    deleteOnScaleDown: retainOnDelete && !retainOnScaleDown,
    deleteOnDestroy: retainOnScaleDown && !retainOnDelete,
  };
}

/** Protects claims whose deletion loses data. The first member's protection also refuses a destroy. */
const isProtected = (context: KubernetesContext, member: ResolvedMember): boolean =>
  context.deletionProtection && (isFirst(context, member) || context.spec.storage?.retainOnScaleDown !== true);

/**
 * The volume of a member. It is not part of the StatefulSet, whose claim templates cannot change, so that a new size is an update in place.
 * Pulumi's provider cannot adopt an existing claim and has a single deletion policy.
 */
export class MemberClaim extends HandledResource<"MemberClaim"> {
  constructor(
    context: KubernetesContext,
    member: ResolvedMember,
    bootstraps: boolean,
    opts: pulumi.CustomResourceOptions,
  ) {
    const { model, spec } = context;
    const name = names.memberVolume(model.name, member.name);
    super(
      "MemberClaim",
      name,
      {
        ...locationArgs(context),
        claim: name,
        labels: labelsOf(context, "member", { [labelKeys.member]: member.name }),
        annotations: spec.annotations ?? {},
        storageClass: spec.storage?.storageClass,
        size: quantity(parseBytes(model.resources.disk)),
        owner: `${pulumi.getProject()}/${pulumi.getStack()}/${model.name}`,
        uid: context.marker.uid,
        retain: claimRetention(context, member).retain,
        bootstrapsCluster: bootstraps ? model.name : undefined,
        acceptDataLoss: bootstraps ? context.acceptDataLoss : undefined,
      },
      { ...opts, protect: isProtected(context, member) },
    );
  }
}
