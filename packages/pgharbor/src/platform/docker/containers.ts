import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, type ImageRole, type NetworkRole, type PlannedContainer, type PlannedMount } from "@pgharbor/core";
import { Membership } from "../membership";
import type { ClusterMarker } from "./cluster-marker";
import { ContainerFiles } from "./container-files";
import { containerLimits, mebibytes, REPLACED_LIMITS } from "./container-limits";
import { Leftovers } from "./leftovers";
import { publishedPorts } from "./published-ports";
import type { LateOutputs } from "../late";

/** What every container of a cluster needs of the engine it runs on. */
export interface DockerContext {
  engine: string;
  cluster: string;
  marker: ClusterMarker;
  /** Id of each network; the name of one that a person brings. */
  networks: Record<NetworkRole, pulumi.Output<string>>;
  imageIds: Record<ImageRole, pulumi.Output<string>>;
  restartPolicy: string;
  deletionProtection: boolean;
  /** System identifier of a database that is given up. */
  acceptDataLoss?: string;
}

/** A container that runs, with the files it runs with. */
export interface RunningContainer {
  planned: PlannedContainer;
  container: docker.Container;
  files: ContainerFiles;
  /** Its data volumes. */
  data: docker.Volume[];
}

/**
 * Makes planned containers, each with its volumes and files. A change that replaces them, such as another image or label, reaches
 * one after the other: the etcd members, then the members behind `beforeMembers`, then one gateway after the other. The part is the
 * cluster itself, or a service of its own.
 */
export function makeContainers(
  context: DockerContext,
  part: string,
  planned: PlannedContainer[],
  late: LateOutputs,
  opts: Omit<pulumi.CustomResourceOptions, "dependsOn"> & { dependsOn?: pulumi.Resource[] },
  beforeMembers?: (store: RunningContainer[]) => pulumi.Resource,
): RunningContainer[] {
  const volumes = makeVolumes(context, planned, opts);
  const names = part === context.cluster ? undefined : planned.map(({ name }) => name);
  const leftovers = new Leftovers(part, context, names, { ...opts, dependsOn: [...volumes.values()] });
  const made: RunningContainer[] = [];
  for (const plan of planned) {
    const dependsOn =
      plan.program === "patroni"
        ? placeInTurn(context, plan, made, opts, beforeMembers)
        : [...(opts.dependsOn ?? []), ...filesBefore(plan, made)];
    const container = makeContainer(context, plan, volumes, { ...opts, dependsOn: [leftovers, ...dependsOn] });
    const files = new ContainerFiles(
      plan,
      { engine: context.engine, container: container.id, late, acceptDataLoss: context.acceptDataLoss },
      { ...opts, deletedWith: container },
    );
    const data = plan.volumes.filter((mount) => mount.data).map((mount) => volumes.get(mount.volume)!);
    made.push({ planned: plan, container, files, data });
  }
  return made;
}

/** The files of what must run again first. The poolers of a gateway go with its HAProxy, which is planned before them. */
function filesBefore(plan: PlannedContainer, made: RunningContainer[]): pulumi.Resource[] {
  if (plan.program === "etcd") return made.slice(-1).map(({ files }) => files);
  const ownHaproxy = made.map((m) => m.planned.program).lastIndexOf("haproxy");
  return made.slice(0, plan.program === "pgbouncer" ? ownHaproxy : made.length).map(({ files }) => files);
}

/** What a member's container comes after: the files of the one before, and its membership, which must be deleted later. */
function placeInTurn(
  context: DockerContext,
  plan: PlannedContainer,
  made: RunningContainer[],
  opts: pulumi.CustomResourceOptions,
  beforeMembers?: (store: RunningContainer[]) => pulumi.Resource,
): pulumi.Resource[] {
  const before = made.filter((m) => m.planned.program === "patroni");
  const [first] = before;
  // The first member goes only with the cluster, and then there is no one left to forget anyone.
  if (first === undefined) return beforeMembers === undefined ? [] : [beforeMembers(made)];
  const membership = new Membership(
    plan.name,
    {
      engine: context.engine,
      cluster: plan.labels[labelKeys.cluster]!,
      member: plan.labels[labelKeys.member]!,
      before: before.map((m) => m.planned.name),
    },
    { ...opts, deletedWith: first.data[0] },
  );
  return [before.at(-1)!.files, membership];
}

function makeContainer(
  context: DockerContext,
  plan: PlannedContainer,
  volumes: Map<string, docker.Volume>,
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
      volumes: plan.volumes.map((mount) => ({
        volumeName: volumes.get(mount.volume)!.name,
        containerPath: mount.path,
      })),
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

function makeVolumes(
  context: DockerContext,
  planned: PlannedContainer[],
  opts: pulumi.CustomResourceOptions,
): Map<string, docker.Volume> {
  const mounts = new Map(planned.flatMap((plan) => plan.volumes.map((m) => [m.volume, { plan, mount: m }] as const)));
  return new Map([...mounts].map(([name, { plan, mount }]) => [name, makeVolume(context, plan, mount, opts)]));
}

function makeVolume(
  context: DockerContext,
  plan: PlannedContainer,
  mount: PlannedMount,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(
    mount.volume,
    { name: mount.volume, labels: context.marker.labels(plan.labels) },
    {
      ...opts,
      hooks: context.marker.clearing("volume"),
      protect: mount.data && context.deletionProtection,
      // A changed label would replace the volume, and with it the data, or the sockets of what runs.
      ignoreChanges: ["labels", "driver", "driverOpts"],
    },
  );
}
