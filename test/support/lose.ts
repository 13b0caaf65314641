import type { DockerCluster } from "./docker-cluster";

/** Removes a container and its volume, as someone might by hand. */
export async function loseContainer(cluster: DockerCluster, container: string, volume?: string): Promise<void> {
  await cluster.docker.getContainer(container).remove({ force: true });
  if (volume !== undefined) await cluster.docker.getVolume(volume).remove();
}
