import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { PlannedContainer, PlannedMount } from "@pgharbor/core";
import type { DockerContext } from "./context";

/** Creates the volumes of these containers. Containers of one unit share volumes; one with data belongs to the first that mounts it. */
export function createVolumes(
  context: DockerContext,
  planned: PlannedContainer[],
  opts: pulumi.CustomResourceOptions,
): Map<string, docker.Volume> {
  const mounts = new Map<string, { plan: PlannedContainer; mount: PlannedMount }>();
  for (const plan of planned)
    for (const mount of plan.volumes)
      if (mount.foreign === undefined && mounts.get(mount.volume)?.mount.data !== true)
        mounts.set(mount.volume, { plan, mount });
  return new Map([...mounts].map(([name, { plan, mount }]) => [name, createVolume(context, plan, mount, opts)]));
}

function createVolume(
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
      // A volume that is reused may be of a cluster that was destroyed.
      hooks: mount.reuse === true ? undefined : context.marker.cleanupHooks("volume"),
      protect: mount.data && context.deletionProtection,
      retainOnDelete: mount.retain,
      // A changed label would replace the volume, and with it data, or sockets in use.
      ignoreChanges: ["labels", "driver", "driverOpts"],
    },
  );
}
