import type { DockerCluster } from "./docker-cluster";

/** What a person does by hand: a container is removed, and with it a volume. */
export async function loseContainer(cluster: DockerCluster, container: string, volume?: string): Promise<void> {
  await cluster.docker.getContainer(container).remove({ force: true });
  if (volume !== undefined) await cluster.docker.getVolume(volume).remove();
}
