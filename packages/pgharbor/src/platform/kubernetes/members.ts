import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { names, parseBytes, type ClusterPlan, type ClusterSpec, type Late, type PlannedMember } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import { Membership } from "../membership";
import { fateOf, MemberClaim } from "./claims";
import { memberContainer, placeOf, type KubernetesContext } from "./context";
import { madeOf, makeMemberSet, memberLabels, memberSelector } from "./member-set";
import { PodFiles } from "./pod-files";

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
  constructor(context: KubernetesContext, member: PlannedMember, madeFrom: object, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.facts;
    super(
      "MemberReady",
      `${names.member(cluster, member.name)}-ready`,
      { ...placeOf(context), cluster, member: memberContainer(context.facts, member.name), madeOf: madeFrom },
      opts,
    );
  }
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
  late: pulumi.Output<Late>,
  opts: pulumi.CustomResourceOptions,
  first: pulumi.Resource[],
): RunningMember[] {
  const disk = parseBytes(spec.resources?.disk ?? "8GB");
  const made: RunningMember[] = [];
  for (const member of inTurn(plan.facts.members)) {
    const planned = plan.containers.find((c) => c.name === names.member(plan.facts.name, member.name))!;
    const claim = new MemberClaim(context, member, disk, made.length === 0, opts);
    const files = new PodFiles(
      context,
      planned,
      {
        container: "patroni",
        selector: memberSelector(context, member.name),
        labels: memberLabels(context, member.name),
        late,
      },
      opts,
    );
    const turn = made.length === 0 ? first : [made.at(-1)!.ready, makeMembership(context, member, made, opts)];
    const set = makeMemberSet(context, planned, member, { ...opts, dependsOn: [claim, files, ...first, ...turn] });
    const ready = new MemberReady(context, member, madeOf(context, planned), { ...opts, dependsOn: [set, files] });
    made.push({ member, claim, files, set, ready });
  }
  return made;
}

function makeMembership(
  context: KubernetesContext,
  member: PlannedMember,
  before: RunningMember[],
  opts: pulumi.CustomResourceOptions,
): Membership {
  const { facts } = context;
  return new Membership(
    names.member(facts.name, member.name),
    {
      ...placeOf(context),
      cluster: facts.name,
      member: member.patroniName,
      before: before.map((one) => memberContainer(facts, one.member.name)),
      deleteClaim: fateOf(context, false).deleteOnScaleDown ? names.memberVolume(facts.name, member.name) : undefined,
    },
    // With the first member's claim goes the cluster, and then there is no one left to forget anyone.
    { ...opts, deletedWith: before[0]!.claim },
  );
}
