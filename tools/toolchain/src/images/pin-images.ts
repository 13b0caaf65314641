import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPO_ROOT } from "../repo-root";
import { imageTag } from "./image-tag";

export const CATALOGUE_FILE = join(REPO_ROOT, "packages/pgharbor/images.json");

/** The required contents of the package's images.json: the image tags for the current sources. */
export const pinnedImages = () => ({
  postgres: { "15": imageTag("postgres", "15"), "17": imageTag("postgres", "17") },
  gateway: imageTag("gateway"),
  etcd: imageTag("etcd"),
  mcp: imageTag("mcp"),
});

export function pinImages(): void {
  writeFileSync(CATALOGUE_FILE, `${JSON.stringify(pinnedImages(), null, 2)}\n`);
}
