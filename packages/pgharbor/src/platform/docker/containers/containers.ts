import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { required, type PlannedContainer, type PlannedUnit } from "@pgharbor/core";
import type { DockerContext } from "./context";
import { ContainerFiles } from "./container-files";
import { containerLimits, mebibytes, REPLACED_LIMITS } from "./container-limits";
import { publishedPorts } from "./published-ports";
import type { DeferredOutputs } from "../../deferred-values";

/** A container and its configuration files. */
export interface RunningContainer {
  planned: PlannedContainer;
  container: docker.Container;
  files: ContainerFiles;
  /** Its data volumes. */
  data: docker.Volume[];
}

/** A unit and its containers, in the plan's order. */
export interface RunningUnit<Unit extends PlannedUnit = PlannedUnit> {
  unit: Unit;
  containers: RunningContainer[];
}

/** Arguments for all units that are created together. */
export interface UnitArgs {
  context: DockerContext;
  deferred: DeferredOutputs;
  /** Volumes by name. */
  volumes: Map<string, docker.Volume>;
  /** Options of every resource. */
  opts: pulumi.CustomResourceOptions;
}

/** Creates the containers of one unit and their files. The containers depend on `after`. */
export function createUnit<Unit extends PlannedUnit>(
  { context, deferred, volumes, opts }: UnitArgs,
  unit: Unit,
  after: pulumi.Resource[],
): RunningUnit<Unit> {
  const { engine, acceptDataLoss } = context;
  const containers = unit.containers.map((planned): RunningContainer => {
    const mounts = planned.volumes.map(({ volume: name, path, data, foreign }) => ({
      path,
      data,
      name,
      readOnly: foreign !== undefined,
      volume: foreign !== undefined ? undefined : required(volumes.get(name), `volume ${name}`),
    }));
    const container = createContainer(context, planned, mounts, { ...opts, dependsOn: after });
    const args = { engine, container: container.id, deferred, acceptDataLoss };
    // Without `deletedWith`: Pulumi would then replace the files with the container, and only their update waits for the member.
    const files = new ContainerFiles(planned, args, opts);
    return { planned, container, files, data: mounts.flatMap(({ data, volume }) => (data && volume ? [volume] : [])) };
  });
  return { unit, containers };
}

export const filesOf = (units: readonly RunningUnit[]): ContainerFiles[] =>
  units.flatMap(({ containers }) => containers.map(({ files }) => files));

function createContainer(
  context: DockerContext,
  plan: PlannedContainer,
  mounts: { name: string; volume?: docker.Volume; path: string; readOnly: boolean }[],
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
      // A container in two networks must not route between them.
      sysctls: plan.networks.length > 1 ? { "net.ipv4.ip_forward": "0" } : undefined,
      volumes: mounts.map(({ name, volume, path, readOnly }) => ({
        volumeName: volume?.name ?? name,
        containerPath: path,
        ...(readOnly ? { readOnly } : {}),
      })),
      ports: publishedPorts(plan.ports),
      labels: context.marker.labels(plan.labels),
      restart: context.restartPolicy,
      destroyGraceSeconds: plan.stopTimeout,
      stopTimeout: plan.stopTimeout,
      ...containerLimits(plan.memory, plan.cpus),
      shmSize: plan.shmSize === undefined ? undefined : mebibytes(plan.shmSize),
      mustRun: true,
      // No program in a member needs a capability.
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
    },
    {
      ...opts,
      hooks: context.marker.cleanupHooks(
        "container",
        mounts.flatMap(({ name, readOnly }) => (readOnly ? [name] : [])),
      ),
      // Names and ports are fixed, so the old container must be deleted first.
      deleteBeforeReplace: true,
      replaceOnChanges: ["image", ...REPLACED_LIMITS],
    },
  );
}
