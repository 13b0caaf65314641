import type Docker from "dockerode";
import { join } from "node:path";
import { cacheFolder, type Progress, withFolderLock } from "@pgharbor/build-cache";
import { ensureBaseImage, imageExists } from "./base-image";
import { buildImage } from "./build-image";
import { DEFAULT_PG_MAJOR, type ImagePlan, imagePlan } from "./image-tag";

export interface ImagesWanted {
  /**
   * PostgreSQL majors to have a member image for.
   * @default ["17"]
   */
  readonly pgMajors?: readonly string[];
  /**
   * Also build the image of the MCP server.
   * @default false
   */
  readonly mcp?: boolean;
}

/** The tags of the images, all present in the engine. */
export interface ImageTags {
  /** Member images by PostgreSQL major. */
  readonly postgres: Readonly<Record<string, string>>;
  readonly gateway: string;
  readonly etcd: string;
  readonly mcp?: string;
}

/**
 * Builds the images that the engine lacks. A tag contains the hash of the image's sources, so nothing is built twice.
 */
export async function ensureImages(docker: Docker, wanted: ImagesWanted, progress: Progress): Promise<ImageTags> {
  const majors = wanted.pgMajors ?? [DEFAULT_PG_MAJOR];
  const members = majors.map((major) => imagePlan("postgres", major));
  const gateway = imagePlan("gateway");
  const etcd = imagePlan("etcd");
  const mcp = wanted.mcp ? [imagePlan("mcp")] : [];
  for (const plan of [...members, gateway, etcd, ...mcp]) await ensureImage(docker, plan, progress);
  return {
    postgres: Object.fromEntries(majors.map((major, at) => [major, members[at]?.tag ?? ""])),
    gateway: gateway.tag,
    etcd: etcd.tag,
    mcp: mcp[0]?.tag,
  };
}

async function ensureImage(docker: Docker, plan: ImagePlan, progress: Progress): Promise<void> {
  if (await imageExists(docker, plan.tag)) return;
  await withFolderLock(join(cacheFolder(), "images"), progress, async () => {
    if (await imageExists(docker, plan.tag)) return;
    const base = await ensureBaseImage(docker, plan.suite, progress);
    await buildImage(docker, plan, base, progress);
  });
}
