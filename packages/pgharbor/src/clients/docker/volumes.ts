import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { labelKeys } from "@pgharbor/core";
import { statusCode } from "./engine";

/** A volume of a cluster, whose files can be read. */
export interface VolumeOfCluster {
  name: string;
  labels: Record<string, string>;
  /** @returns the content of a file, `undefined` where it does not exist */
  read(path: string): Promise<Buffer | undefined>;
}

/**
 * Reads all volumes of a cluster, including unused ones, without running a program. For Docker's archive API, Docker
 * mounts the volumes of a container that was created and never started.
 */
export async function lookIntoVolumes<T>(
  docker: Docker,
  { cluster, image, namePrefix }: { cluster: string; image: string; namePrefix: string },
  look: (volumes: VolumeOfCluster[]) => Promise<T>,
): Promise<T> {
  const listed = await docker.listVolumes({ filters: { label: [`${labelKeys.cluster}=${cluster}`] } });
  const volumes = listed.Volumes ?? [];
  // A killed run may have left this container.
  const name = `${namePrefix}.look`;
  await docker.getContainer(name).remove({ force: true }).catch(ignoreMissing);
  const container = await docker.createContainer({
    name,
    Image: image,
    Entrypoint: ["true"],
    HostConfig: {
      NetworkMode: "none",
      Mounts: volumes.map(({ Name }, i) => ({ Type: "volume", Source: Name, Target: `/look/${i}`, ReadOnly: true })),
    },
  });
  try {
    return await look(
      volumes.map(({ Name, Labels }, i) => ({
        name: Name,
        labels: Labels ?? {},
        read: (path) => readFile(container, `/look/${i}/${path}`),
      })),
    );
  } finally {
    await container.remove({ force: true }).catch(ignoreMissing);
  }
}

async function readFile(container: Docker.Container, path: string): Promise<Buffer | undefined> {
  try {
    const archive = extract();
    (await container.getArchive({ path })).pipe(archive);
    for await (const entry of archive) return await buffer(entry);
    return undefined;
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
}

function ignoreMissing(error: unknown): void {
  if (statusCode(error) !== 404) throw error;
}
