import type { Progress } from "@pgharbor/build-cache";
import { ensureDocker, type DockerInstall } from "./docker";
import { ensureImages, type ImageTags } from "./images";
import { ensurePulumi, type PulumiInstall } from "./pulumi";

/** Everything that a program of this checkout needs to create real resources. */
export interface Setup {
  pulumi: PulumiInstall;
  docker: DockerInstall;
  images: ImageTags;
}

export interface SetUpOptions {
  /** Major versions of PostgreSQL to have an image of. @default ["17"] */
  readonly pgMajors?: readonly string[];
  /** True if programs for Kubernetes run, too, and need the plugin. @default false */
  readonly kubernetes?: boolean;
}

/** Finds or creates all of it. Pulumi and the images are independent, so they are created concurrently. */
export async function setUp(progress: Progress, options: SetUpOptions = {}): Promise<Setup> {
  const { pgMajors = ["17"], kubernetes } = options;
  const docker = await ensureDocker(progress);
  const [pulumi, images] = await Promise.all([
    ensurePulumi(progress, { kubernetes }),
    ensureImages(docker.client, { pgMajors }, progress),
  ]);
  return { pulumi, docker, images };
}
