import type * as pulumi from "@pulumi/pulumi";
import {
  containersOf,
  unitsOf,
  type ClusterPlan,
  type GatewayUnit,
  type MemberUnit,
  type PlannedUnit,
} from "@pgharbor/core";
import type { DeferredOutputs } from "../../deferred-values";
import { Membership } from "../../membership";
import type { DockerContext } from "./context";
import { createUnit, filesOf, type RunningUnit, type UnitArgs } from "./containers";
import { Leftovers } from "./leftovers";
import { createVolumes } from "./volumes";

type Options = Omit<pulumi.CustomResourceOptions, "dependsOn"> & { dependsOn: pulumi.Resource[] };

/** All running units of a cluster. */
export interface RunningUnits {
  store: RunningUnit[];
  backups: RunningUnit[];
  members: RunningUnit<MemberUnit>[];
  gateways: RunningUnit<GatewayUnit>[];
  others: RunningUnit[];
}

/**
 * Creates the units of a cluster. A change that replaces containers, such as a new image or label, replaces one unit after the other: the
 * etcd members, the repositories of backups, then, after `beforeMembers`, the members, then the gateways, then the others.
 */
export function createUnits(
  context: DockerContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: Options,
  beforeMembers: (store: RunningUnit[]) => pulumi.Resource,
): RunningUnits {
  const volumes = createVolumes(context, containersOf(unitsOf(plan)), opts);
  const leftovers = new Leftovers(context.cluster, context, undefined, { ...opts, dependsOn: [...volumes.values()] });
  const args: UnitArgs = { context, deferred, volumes, opts };
  const prerequisites = [leftovers, ...opts.dependsOn];

  const store: RunningUnit[] = [];
  for (const unit of plan.store) store.push(createUnit(args, unit, [...prerequisites, ...filesOf(store.slice(-1))]));

  const backups = createInOrder(args, plan.backups, prerequisites, store);

  const members: RunningUnit<MemberUnit>[] = [];
  for (const unit of plan.members) {
    const before = members.at(-1);
    // The first member is only deleted with the cluster, so it needs no Membership.
    const after =
      before === undefined
        ? [beforeMembers(store)]
        : [...filesOf([before]), createMembership(context, unit, members, opts)];
    members.push(createUnit(args, unit, [leftovers, ...filesOf(backups), ...after]));
  }

  const gateways = createInOrder(args, plan.gateways, prerequisites, [...store, ...members]);
  const others = createInOrder(args, plan.others, prerequisites, [...store, ...members, ...gateways]);
  return { store, backups, members, gateways, others };
}

/** Creates the gateway of an added service. */
export function createAddedGateway(
  context: DockerContext,
  part: string,
  unit: GatewayUnit,
  deferred: DeferredOutputs,
  opts: Options,
): RunningUnit<GatewayUnit> {
  const volumes = createVolumes(context, unit.containers, opts);
  const names = unit.containers.map(({ name }) => name);
  const leftovers = new Leftovers(part, context, names, { ...opts, dependsOn: [...volumes.values()] });
  return createUnit({ context, deferred, volumes, opts }, unit, [leftovers, ...opts.dependsOn]);
}

/** Creates units one after the other, after those in `before`. */
function createInOrder<Unit extends PlannedUnit>(
  args: UnitArgs,
  units: readonly Unit[],
  prerequisites: readonly pulumi.Resource[],
  before: readonly RunningUnit[],
): RunningUnit<Unit>[] {
  const running: RunningUnit<Unit>[] = [];
  for (const unit of units)
    running.push(createUnit(args, unit, [...prerequisites, ...filesOf([...before, ...running])]));
  return running;
}

/** Created before the member's container, so deleted after it: then the other members remove the member from Patroni. */
function createMembership(
  context: DockerContext,
  { name, member }: MemberUnit,
  before: readonly RunningUnit<MemberUnit>[],
  opts: Options,
): Membership {
  return new Membership(
    name,
    {
      engine: context.engine,
      cluster: context.cluster,
      member: member.name,
      before: before.map(({ unit }) => unit.name),
    },
    { ...opts, deletedWith: before[0]?.containers[0]?.data[0] },
  );
}
