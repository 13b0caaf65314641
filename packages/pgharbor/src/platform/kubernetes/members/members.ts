import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { names, required, type ClusterPlan, type MemberUnit, type ResolvedMember } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fileTexts } from "../../file-texts";
import { Membership } from "../../membership";
import { retainsClaims, claimRetention, MemberClaim } from "./claims";
import { memberContainer, locationArgs, type KubernetesContext } from "../context/context";
import { createMemberSet, memberLabels, memberSelector } from "./member-set";
import { createPodFiles, type PodFiles } from "../pods/pod-files";
import { secretNameOf } from "../pods/pod-parts";
import { SystemRoles } from "./system-roles";
import { versionOf } from "../pods/await";
import type { DeferredOutputs } from "../../deferred-values";

/** A member and its resources. */
export interface RunningMember {
  member: ResolvedMember;
  claim: MemberClaim;
  files: PodFiles[];
  set: k8s.apps.v1.StatefulSet;
  ready: MemberReady;
}

/** Waits until a member leads or follows, before the next one is changed. */
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
        staysLast: retainsClaims(context) && isFirst ? true : undefined,
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
 * The order in which members are created and changed. The first one is electable, because the others wait for a leader; the last one is
 * electable, because the primary moves there before the others are changed.
 */
export function rolloutOrder(units: MemberUnit[]): MemberUnit[] {
  const [first, ...others] = units.filter(({ member }) => member.electable);
  const following = units.filter(({ member }) => !member.electable);
  return first === undefined ? units : [first, ...following, ...others];
}

/** Creates all members, one after the other. */
export function createMembers(
  context: KubernetesContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
  { store, first }: { store: pulumi.Resource; first: pulumi.Resource[] },
): RunningMember[] {
  const units = rolloutOrder(plan.members);
  const members = units.map((unit) => {
    const { name } = unit.member;
    const args = { selector: memberSelector(context, name), labels: memberLabels(context, name), deferred };
    return { unit, files: createPodFiles(context, unit, args, opts) };
  });
  const roles = new SystemRoles(context, deferred, { ...opts, dependsOn: members.flatMap(({ files }) => files) });
  const claims = createClaims(
    context,
    units.map((unit) => unit.member),
    // After the store, which recognises lost data by the missing claims.
    { ...opts, dependsOn: [store] },
  );
  const running: RunningMember[] = [];
  for (const { unit, files } of members) {
    const { member } = unit;
    const claim = claimOf(claims, member);
    const membership = createMembership(context, member, claims, opts);
    const previous = running.slice(-1).map(({ ready }) => ready);
    const set = createMemberSet(context, unit, {
      ...opts,
      dependsOn: [claim, ...files, roles, store, ...first, ...previous, ...membership],
    });
    const isFirst = running.length === 0;
    const start = { isFirst, initial: isFirst ? initialOf(unit, deferred) : undefined };
    const ready = new MemberReady(context, member, set, start, { ...opts, dependsOn: [set, ...files] });
    running.push({ member, claim, files, set, ready });
  }
  return running;
}

/** Files that the first member reads when it creates the database. */
const initialOf = ({ patroni }: MemberUnit, deferred: DeferredOutputs): InitialFiles => ({
  secretName: secretNameOf(patroni),
  files: pulumi.secret(fileTexts(patroni.files, deferred).initial),
});

/** Creates the claim of the member that starts first before the others: its checks must pass before another claim is adopted. */
function createClaims(
  context: KubernetesContext,
  members: ResolvedMember[],
  opts: pulumi.CustomResourceOptions,
): Map<ResolvedMember, MemberClaim> {
  const claims = new Map<ResolvedMember, MemberClaim>();
  for (const member of members) {
    const [first] = claims.values();
    const claimOpts = first === undefined ? opts : { ...opts, dependsOn: [first] };
    claims.set(member, new MemberClaim(context, member, first === undefined, claimOpts));
  }
  return claims;
}

const claimOf = (claims: Map<ResolvedMember, MemberClaim>, member: ResolvedMember): MemberClaim =>
  required(claims.get(member), `the claim of member ${member.name}`);

/**
 * Every member but m1 can be removed, so it has a Membership, whose deletion means that the member was removed. The order is that of
 * numbers, because roles change the rollout order.
 */
function createMembership(
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
      deleteClaim: claimRetention(context, member).deleteOnScaleDown
        ? names.memberVolume(model.name, member.name)
        : undefined,
    },
    // The first claim is only deleted with the cluster, which then has no member left to update.
    { ...opts, deletedWith: claimOf(claims, first) },
  );
  return [membership];
}
