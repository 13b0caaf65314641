import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { required, type PlannedContainer, type PlannedUnit } from "@pgharbor/core";
import type { DockerContext } from "./context";
import { ContainerFiles } from "./container-files";
import { containerLimits, mebibytes, REPLACED_LIMITS } from "./container-limits";
import { publishedPorts } from "./published-ports";
import type { DeferredOutputs } from "../../deferred-values";

/** A container that runs, with the files it runs with. */
export interface RunningContainer {
  planned: PlannedContainer;
  container: docker.Container;
  files: ContainerFiles;
  /** Its data volumes. */
  data: docker.Volume[];
}

/** A unit that runs: its containers in the order of the plan. */
export interface RunningUnit<Unit extends PlannedUnit = PlannedUnit> {
  unit: Unit;
  containers: RunningContainer[];
}

/** What all units that are created together have in common. */
export interface UnitArgs {
  context: DockerContext;
  deferred: DeferredOutputs;
  /** By name. */
  volumes: Map<string, docker.Volume>;
  /** Of every resource. */
  opts: pulumi.CustomResourceOptions;
}

/** Creates the containers of one unit, each with its files. All of them come `after` the same resources. */
export function createUnit<Unit extends PlannedUnit>(
  { context, deferred, volumes, opts }: UnitArgs,
  unit: Unit,
  after: pulumi.Resource[],
): RunningUnit<Unit> {
  const { engine, acceptDataLoss } = context;
  const containers = unit.containers.map((planned): RunningContainer => {
    const mounts = planned.volumes.map((mount) => ({
      ...mount,
      volume: required(volumes.get(mount.volume), `volume ${mount.volume}`),
    }));
    const container = createContainer(context, planned, mounts, { ...opts, dependsOn: after });
    const args = { engine, container: container.id, deferred, acceptDataLoss };
    // Not `deletedWith` the container: Pulumi would then replace them together, and a creation waits for no member.
    const files = new ContainerFiles(planned, args, opts);
    return { planned, container, files, data: mounts.filter(({ data }) => data).map(({ volume }) => volume) };
  });
  return { unit, containers };
}

export const filesOf = (units: readonly RunningUnit[]): ContainerFiles[] =>
  units.flatMap(({ containers }) => containers.map(({ files }) => files));

function createContainer(
  context: DockerContext,
  plan: PlannedContainer,
  mounts: { volume: docker.Volume; path: string }[],
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return new docker.Container(
    plan.name,
    {
      name: plan.name,
      hostname: plan.name,
      image: context.imageIds[plan.image],
      command: [plan.program],
      networksAdvanced: plan.networks.map(({ network, aliases }) => ({ name: context.networks[network], aliases })),
      // What is in two networks is no router between them.
      sysctls: plan.networks.length > 1 ? { "net.ipv4.ip_forward": "0" } : undefined,
      volumes: mounts.map(({ volume, path }) => ({ volumeName: volume.name, containerPath: path })),
      ports: publishedPorts(plan.ports),
      labels: context.marker.labels(plan.labels),
      restart: context.restartPolicy,
      destroyGraceSeconds: plan.stopTimeout,
      stopTimeout: plan.stopTimeout,
      ...containerLimits(plan.memory, plan.cpus),
      shmSize: plan.shmSize === undefined ? undefined : mebibytes(plan.shmSize),
      mustRun: true,
      // Nothing in a member needs more than a plain process has.
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
    },
    {
      ...opts,
      hooks: context.marker.clearing("container"),
      // Names and ports are fixed: the old one must go first.
      deleteBeforeReplace: true,
      replaceOnChanges: ["image", ...REPLACED_LIMITS],
    },
  );
}
