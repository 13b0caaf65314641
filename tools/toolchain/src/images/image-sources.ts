import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { REPO_ROOT } from "../repo-root";

/** The images of a cluster and of supporting services. */
export type ImageName = "postgres" | "gateway" | "etcd" | "mcp";

/** One file of an image's build context. */
export interface SourceFile {
  /** Relative to packages/images, with forward slashes. */
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

export const IMAGES_FOLDER = join(REPO_ROOT, "packages/images");

/** The sources of an image: a folder, and the files that all images of a cluster share, sorted by path. */
export function imageSources(image: ImageName, folder = IMAGES_FOLDER): SourceFile[] {
  return (image === "mcp" ? [image] : ["common", image])
    .flatMap((part) => filesBelow(join(folder, part)))
    .map((file) => ({
      path: relative(folder, file).split("\\").join("/"),
      // Git stores only the executable bit; other bits would depend on the umask of the checkout.
      mode: statSync(file).mode & 0o100 ? 0o755 : 0o644,
      content: readFileSync(file),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "__pycache__")
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** Hashes files and build arguments, so the tag changes exactly when the image would. The base is not included. */
export function sourcesHash(files: readonly SourceFile[], args: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file.path}\0${file.mode.toString(8)}\0${file.content.length}\0`).update(file.content);
  }
  for (const name of Object.keys(args).sort()) hash.update(`${name}=${args[name]}\0`);
  return hash.digest("hex").slice(0, 12);
}
