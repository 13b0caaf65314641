import type { PlannedContainer, PlannedMount } from "@pgharbor/core";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import type { KubernetesContext } from "../context/context";
import {
  filesMount,
  filesVolume,
  podEnv,
  resourcesOf,
  restricted,
  scratchVolume,
  type Container,
  type Volume,
  ownProgram,
} from "./pod-parts";

/** The pod's volume for each planned one that a pod already has. */
export type SharedVolumes = Readonly<Record<string, string>>;

/** Short within the pod, where the unit's name says nothing. */
export const containerName = (unit: string, { name, program }: PlannedContainer): string =>
  name === unit ? program : name.slice(unit.length + 1);

/** A container of which the plan says everything: beside a member or a gateway, or of another unit. */
export function plannedContainer(
  context: KubernetesContext,
  unit: string,
  planned: PlannedContainer,
  shared: SharedVolumes,
): Container {
  const name = containerName(unit, planned);
  return {
    name,
    image: context.images[planned.image],
    ...ownProgram,
    args: [planned.program],
    env: podEnv,
    resources: resourcesOf(USUAL, planned.cpus, planned.memory),
    securityContext: { ...restricted, runAsUser: planned.uid, runAsGroup: planned.gid },
    volumeMounts: [
      filesMount(`${name}-files`),
      { name: `${name}-run`, mountPath: "/run/pgharbor" },
      { name: `${name}-tmp`, mountPath: "/tmp" },
      ...planned.volumes.map(({ volume, path, foreign }) => ({
        name: shared[volume] ?? volume,
        mountPath: path,
        ...(foreign === undefined ? {} : { readOnly: true }),
      })),
    ],
  };
}
const USUAL = { cpu: "50m", memory: "64Mi" };

/** The volumes of such containers, without those that their pod already has. */
export function plannedVolumes(unit: string, containers: PlannedContainer[], shared: SharedVolumes): Volume[] {
  const own = containers.flatMap((container) => {
    const name = containerName(unit, container);
    return [filesVolume(`${name}-files`, container), scratchVolume(`${name}-run`), scratchVolume(`${name}-tmp`)];
  });
  const mounts = new Map(
    containers.flatMap(({ volumes }) => volumes.map((mount): [string, PlannedMount] => [mount.volume, mount])),
  );
  return [...own, ...[...mounts.values()].filter(({ volume }) => shared[volume] === undefined).map(volumeOf)];
}

/** A claim, of this cluster or of another one, or a volume that is as temporary as the pod. */
function volumeOf({ volume, size, data, foreign, onDisk }: PlannedMount): Volume {
  if (size === undefined && foreign === undefined) {
    if (data) throw new Error(`volume ${volume} holds data, and has no size`);
    return onDisk === true ? { name: volume, emptyDir: {} } : scratchVolume(volume);
  }
  return {
    name: volume,
    persistentVolumeClaim: { claimName: volume, ...(foreign === undefined ? {} : { readOnly: true }) },
  };
}

export const plannedDemand = (unit: string, planned: PlannedContainer): ContainerDemand => ({
  name: containerName(unit, planned),
  ...resourcesOf(USUAL, planned.cpus, planned.memory),
});
