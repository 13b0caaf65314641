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

/** Everything of a cluster that runs. */
export interface RunningUnits {
  store: RunningUnit[];
  members: RunningUnit<MemberUnit>[];
  gateways: RunningUnit<GatewayUnit>[];
  others: RunningUnit[];
}

/**
 * Creates the units of a cluster. A change that replaces containers, such as another image or label, reaches one unit after the other:
 * the etcd members, then the members behind `beforeMembers`, then one gateway after the other, then whatever else there is.
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
  const ground = [leftovers, ...opts.dependsOn];

  const store: RunningUnit[] = [];
  for (const unit of plan.store) store.push(createUnit(args, unit, [...ground, ...filesOf(store.slice(-1))]));

  const members: RunningUnit<MemberUnit>[] = [];
  for (const unit of plan.members) {
    const before = members.at(-1);
    // The first member goes only with the cluster, and then there is no one left to forget anyone.
    const turn =
      before === undefined
        ? [beforeMembers(store)]
        : [...filesOf([before]), createMembership(context, unit, members, opts)];
    members.push(createUnit(args, unit, [leftovers, ...turn]));
  }

  const gateways = createInTurn(args, plan.gateways, ground, [...store, ...members]);
  const others = createInTurn(args, plan.others, ground, [...store, ...members, ...gateways]);
  return { store, members, gateways, others };
}

/** The gateway of a service that was added, and nothing of the cluster's. */
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

/** Each after all that came before it. */
function createInTurn<Unit extends PlannedUnit>(
  args: UnitArgs,
  units: readonly Unit[],
  ground: readonly pulumi.Resource[],
  before: readonly RunningUnit[],
): RunningUnit<Unit>[] {
  const running: RunningUnit<Unit>[] = [];
  for (const unit of units) running.push(createUnit(args, unit, [...ground, ...filesOf([...before, ...running])]));
  return running;
}

/** What is deleted later than the member's container: the others then forget it. */
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
