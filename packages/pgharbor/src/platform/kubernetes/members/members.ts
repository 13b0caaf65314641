import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { names, required, type ClusterPlan, type MemberUnit, type ResolvedMember } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fileTexts } from "../../file-texts";
import { Membership } from "../../membership";
import { claimsStay, fateOf, MemberClaim } from "./claims";
import { memberContainer, locationArgs, type KubernetesContext } from "../context/context";
import { makeMemberSet, memberLabels, memberSelector } from "./member-set";
import { PodFiles } from "../pods/pod-files";
import { secretNameOf } from "../pods/pod-parts";
import { containerName } from "../pods/planned-container";
import { SystemRoles } from "./system-roles";
import { versionOf } from "../pods/await";
import type { DeferredOutputs } from "../../deferred-values";

/** A member with all that is its own. */
export interface RunningMember {
  member: ResolvedMember;
  claim: MemberClaim;
  files: PodFiles[];
  set: k8s.apps.v1.StatefulSet;
  ready: MemberReady;
}

/** That a member leads or follows, before the next one is touched. */
class MemberReady extends HandledResource<"MemberReady"> {
  constructor(
    context: KubernetesContext,
    member: ResolvedMember,
    set: k8s.apps.v1.StatefulSet,
    { isFirst, initial }: { isFirst: boolean; initial?: InitialFiles },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { name: cluster } = context.model;
    const statefulSet = names.member(cluster, member.name);
    super(
      "MemberReady",
      `${statefulSet}-ready`,
      {
        ...locationArgs(context),
        cluster,
        member: memberContainer(context.model, member.name),
        statefulSet,
        version: versionOf(set),
        initial,
        staysLast: claimsStay(context) && isFirst ? true : undefined,
      },
      { ...opts, additionalSecretOutputs: ["initial"] },
    );
  }
}
interface InitialFiles {
  secretName: string;
  files: pulumi.Output<Record<string, string>>;
}

/**
 * The order in which members are made and changed. One that may lead comes first, because the others wait for a leader; one
 * that may lead comes last, because the primary moves there before the rest is changed.
 */
export function inTurn(units: MemberUnit[]): MemberUnit[] {
  const [first, ...others] = units.filter(({ member }) => member.electable);
  const following = units.filter(({ member }) => !member.electable);
  return first === undefined ? units : [first, ...following, ...others];
}

/** Makes all members, one after the other. */
export function makeMembers(
  context: KubernetesContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
  { store, first }: { store: pulumi.Resource; first: pulumi.Resource[] },
): RunningMember[] {
  const units = inTurn(plan.members);
  const members = units.map((unit) => ({ unit, files: filesOf(context, unit, deferred, opts) }));
  const roles = new SystemRoles(context, deferred, { ...opts, dependsOn: members.flatMap(({ files }) => files) });
  const claims = makeClaims(
    context,
    units.map((unit) => unit.member),
    // A store of a cluster whose data is lost is told by there being no claim.
    { ...opts, dependsOn: [store] },
  );
  const made: RunningMember[] = [];
  for (const { unit, files } of members) {
    const { member } = unit;
    const claim = claimOf(claims, member);
    const membership = makeMembership(context, member, claims, opts);
    const turn = made.slice(-1).map(({ ready }) => ready);
    const set = makeMemberSet(context, unit, {
      ...opts,
      dependsOn: [claim, ...files, roles, store, ...first, ...turn, ...membership],
    });
    const isFirst = made.length === 0;
    const its = { isFirst, initial: isFirst ? initialOf(unit, deferred) : undefined };
    const ready = new MemberReady(context, member, set, its, { ...opts, dependsOn: [set, ...files] });
    made.push({ member, claim, files, set, ready });
  }
  return made;
}

/** What the one that makes the database reads then. */
const initialOf = ({ patroni }: MemberUnit, deferred: DeferredOutputs): InitialFiles => ({
  secretName: secretNameOf(patroni),
  files: pulumi.secret(fileTexts(patroni.files, deferred).initial),
});

/** The one that starts first comes first of all: whether it may, is known before another's claim is taken over. */
function makeClaims(
  context: KubernetesContext,
  members: ResolvedMember[],
  opts: pulumi.CustomResourceOptions,
): Map<ResolvedMember, MemberClaim> {
  const claims = new Map<ResolvedMember, MemberClaim>();
  for (const member of members) {
    const [first] = claims.values();
    const its = first === undefined ? opts : { ...opts, dependsOn: [first] };
    claims.set(member, new MemberClaim(context, member, first === undefined, its));
  }
  return claims;
}

const claimOf = (claims: Map<ResolvedMember, MemberClaim>, member: ResolvedMember): MemberClaim =>
  required(claims.get(member), `the claim of member ${member.name}`);

function filesOf(
  context: KubernetesContext,
  { name, member, patroni, containers }: MemberUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): PodFiles[] {
  const selector = memberSelector(context, member.name);
  const labels = memberLabels(context, member.name);
  return containers.map((planned) => {
    const container = planned === patroni ? "patroni" : containerName(name, planned);
    return new PodFiles(context, planned, { container, selector, labels, deferred }, opts);
  });
}

/**
 * All but m1 can be taken out. By number and not by turn, for roles change turns: where the program has no Membership any more,
 * the member has left.
 */
function makeMembership(
  context: KubernetesContext,
  member: ResolvedMember,
  claims: Map<ResolvedMember, MemberClaim>,
  opts: pulumi.CustomResourceOptions,
): Membership[] {
  const { model } = context;
  const before = model.members.slice(0, model.members.indexOf(member));
  const [first] = before;
  if (first === undefined) return [];
  const membership = new Membership(
    names.member(model.name, member.name),
    {
      ...locationArgs(context),
      cluster: model.name,
      member: member.patroniName,
      before: before.map((one) => memberContainer(model, one.name)),
      deleteClaim: fateOf(context, member).deleteOnScaleDown ? names.memberVolume(model.name, member.name) : undefined,
    },
    // With the first member's claim goes the cluster, and then there is no one left to forget anyone.
    { ...opts, deletedWith: claimOf(claims, first) },
  );
  return [membership];
}
