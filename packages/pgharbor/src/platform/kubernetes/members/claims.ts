import * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, parseBytes, type ResolvedMember } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";
import { labelsOf } from "../context/metadata";
import { quantity } from "../pods/pod-parts";

/** What becomes of claims is said twice, for a destroy and for a member taken out; Pulumi knows one deletion only. */
export interface ClaimFate {
  /** Its deletion leaves the claim where it is. */
  retain: boolean;
  /** Taken out, the member takes its claim along, though a destroy would leave it. */
  deleteOnScaleDown: boolean;
  /** A destroy takes what earlier scale-downs have left. */
  deleteOnDestroy: boolean;
}

/** A destroy leaves them. */
export const claimsStay = ({ spec }: KubernetesContext): boolean => spec.storage?.retainOnDelete === true;

/** The first by number goes only with the cluster. */
const isFirst = ({ model }: KubernetesContext, member: ResolvedMember): boolean => member === model.members[0];

export function fateOf(context: KubernetesContext, member: ResolvedMember): ClaimFate {
  const { retainOnDelete = false, retainOnScaleDown = false } = context.spec.storage ?? {};
  return {
    retain: retainOnDelete || (retainOnScaleDown && !isFirst(context, member)),
    deleteOnScaleDown: retainOnDelete && !retainOnScaleDown,
    deleteOnDestroy: retainOnScaleDown && !retainOnDelete,
  };
}

/** Only what deletes data: taken out, a member whose claim is kept loses none. A destroy is refused by the first one's. */
const isProtected = (context: KubernetesContext, member: ResolvedMember): boolean =>
  context.deletionProtection && (isFirst(context, member) || context.spec.storage?.retainOnScaleDown !== true);

/**
 * The volume of a member. Not left to the StatefulSet, whose template can never change: so a new size is an update in place,
 * in the preview like any other.
 */
export class MemberClaim extends HandledResource<"MemberClaim"> {
  constructor(context: KubernetesContext, member: ResolvedMember, starts: boolean, opts: pulumi.CustomResourceOptions) {
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
        retain: fateOf(context, member).retain,
        startsCluster: starts ? model.name : undefined,
        acceptDataLoss: starts ? context.acceptDataLoss : undefined,
      },
      { ...opts, protect: isProtected(context, member) },
    );
  }
}
