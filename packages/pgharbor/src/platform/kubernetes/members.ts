import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  names,
  parseBytes,
  type ClusterPlan,
  type ClusterSpec,
  type PlannedContainer,
  type PlannedMember,
} from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import { fileTexts } from "../file-texts";
import { Membership } from "../membership";
import { claimsStay, fateOf, MemberClaim } from "./claims";
import { memberContainer, placeOf, type KubernetesContext } from "./context";
import { makeMemberSet, memberLabels, memberSelector } from "./member-set";
import { PodFiles } from "./pod-files";
import { secretNameOf } from "./pod-parts";
import { SystemRoles } from "./system-roles";
import { versionOf } from "./await";
import type { LateOutputs } from "../late";

/** A member with all that is its own. */
export interface RunningMember {
  member: PlannedMember;
  claim: MemberClaim;
  files: PodFiles;
  set: k8s.apps.v1.StatefulSet;
  ready: MemberReady;
}

/** That a member leads or follows, before the next one is touched. */
class MemberReady extends HandledResource {
  constructor(
    context: KubernetesContext,
    member: PlannedMember,
    set: k8s.apps.v1.StatefulSet,
    { isFirst, initial }: { isFirst: boolean; initial?: InitialFiles },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { name: cluster } = context.facts;
    const statefulSet = names.member(cluster, member.name);
    super(
      "MemberReady",
      `${statefulSet}-ready`,
      {
        ...placeOf(context),
        cluster,
        member: memberContainer(context.facts, member.name),
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
export function inTurn(members: PlannedMember[]): PlannedMember[] {
  const [first, ...others] = members.filter((member) => member.electable);
  const following = members.filter((member) => !member.electable);
  return first === undefined ? members : [first, ...following, ...others];
}

/** Makes all members, one after the other. */
export function makeMembers(
  context: KubernetesContext,
  plan: ClusterPlan,
  spec: ClusterSpec,
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions,
  { store, first }: { store: pulumi.Resource; first: pulumi.Resource[] },
): RunningMember[] {
  const members = inTurn(plan.facts.members).map((member) => {
    const planned = plan.containers.find((c) => c.name === names.member(plan.facts.name, member.name))!;
    return { member, planned, files: filesOf(context, planned, member, late, opts) };
  });
  const roles = new SystemRoles(context, plan, late, { ...opts, dependsOn: members.map(({ files }) => files) });
  const claims = makeClaims(
    context,
    members.map((one) => one.member),
    parseBytes(spec.resources?.disk ?? "8GB"),
    // A store of a cluster whose data is lost is told by there being no claim.
    { ...opts, dependsOn: [store] },
  );
  const made: RunningMember[] = [];
  for (const { member, planned, files } of members) {
    const claim = claims.get(member)!;
    const membership = makeMembership(context, member, claims, opts);
    const turn = made.length === 0 ? [] : [made.at(-1)!.ready];
    const set = makeMemberSet(context, planned, member, {
      ...opts,
      dependsOn: [claim, files, roles, store, ...first, ...turn, ...membership],
    });
    const isFirst = made.length === 0;
    const its = { isFirst, initial: isFirst ? initialOf(planned, late) : undefined };
    const ready = new MemberReady(context, member, set, its, { ...opts, dependsOn: [set, files] });
    made.push({ member, claim, files, set, ready });
  }
  return made;
}

/** What the one that makes the database reads then. */
const initialOf = (planned: PlannedContainer, late: LateOutputs): InitialFiles => ({
  secretName: secretNameOf(planned),
  files: pulumi.secret(fileTexts(planned.files, late).initial),
});

/** The one that starts first comes first of all: whether it may, is known before another's claim is taken over. */
function makeClaims(
  context: KubernetesContext,
  [starting, ...others]: PlannedMember[],
  disk: number,
  opts: pulumi.CustomResourceOptions,
): Map<PlannedMember, MemberClaim> {
  const claim = new MemberClaim(context, starting!, disk, true, opts);
  const after = { ...opts, dependsOn: [claim] };
  const rest = others.map((member) => [member, new MemberClaim(context, member, disk, false, after)] as const);
  return new Map([[starting!, claim], ...rest]);
}

function filesOf(
  context: KubernetesContext,
  planned: PlannedContainer,
  member: PlannedMember,
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions,
): PodFiles {
  const selector = memberSelector(context, member.name);
  const labels = memberLabels(context, member.name);
  return new PodFiles(context, planned, { container: "patroni", selector, labels, late }, opts);
}

/**
 * All but m1 can be taken out. By number and not by turn, for roles change turns: where the program has no Membership any more,
 * the member has left.
 */
function makeMembership(
  context: KubernetesContext,
  member: PlannedMember,
  claims: Map<PlannedMember, MemberClaim>,
  opts: pulumi.CustomResourceOptions,
): Membership[] {
  const { facts } = context;
  const before = facts.members.slice(0, facts.members.indexOf(member));
  const [first] = before;
  if (first === undefined) return [];
  const membership = new Membership(
    names.member(facts.name, member.name),
    {
      ...placeOf(context),
      cluster: facts.name,
      member: member.patroniName,
      before: before.map((one) => memberContainer(facts, one.name)),
      deleteClaim: fateOf(context, member).deleteOnScaleDown ? names.memberVolume(facts.name, member.name) : undefined,
    },
    // With the first member's claim goes the cluster, and then there is no one left to forget anyone.
    { ...opts, deletedWith: claims.get(first)! },
  );
  return [membership];
}
