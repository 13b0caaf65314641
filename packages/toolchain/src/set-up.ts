import type { Progress } from "./cache/progress";
import { ensureDocker, type DockerInstall } from "./docker";
import { ensureImages, type ImageTags } from "./images";
import { ensurePulumi, type PulumiInstall } from "./pulumi";

/** Everything that a program of this checkout needs to run for real. */
export interface Setup {
  pulumi: PulumiInstall;
  docker: DockerInstall;
  images: ImageTags;
}

/** Finds or makes all of it. Pulumi and the images have nothing to do with each other, so they are made side by side. */
export async function setUp(progress: Progress, pgMajors: string[] = ["17"]): Promise<Setup> {
  const docker = await ensureDocker(progress);
  const [pulumi, images] = await Promise.all([
    ensurePulumi(progress),
    ensureImages(docker.client, { pgMajors }, progress),
  ]);
  return { pulumi, docker, images };
}
