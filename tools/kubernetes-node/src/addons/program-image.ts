import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pack as tarPack } from "tar-stream";

/** An image that contains only one program, in the format of `docker save`. It is created without Docker. */
export interface ProgramImage {
  /** The name that pods use. */
  readonly reference: string;
  readonly archive: Buffer;
}

/** `folder` comes from the build: its name ends with the hash of the program's sources. */
export async function programImage(folder: string): Promise<ProgramImage> {
  const reference = programImageReference(folder);
  const program = basename(folder).replace(/-[^-]+$/, "");
  const layer = await tar({ [program]: await readFile(join(folder, program)) });
  const config = JSON.stringify({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Entrypoint: [`/${program}`], Env: ["PATH=/"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${createHash("sha256").update(layer).digest("hex")}`] },
  });
  const manifest = [{ Config: "config.json", RepoTags: [reference], Layers: ["layer.tar"] }];
  const files = { "layer.tar": layer, "config.json": config, "manifest.json": JSON.stringify(manifest) };
  return { reference, archive: await tar(files) };
}

export function programImageReference(folder: string): string {
  const [, program, hash] = /^(.*)-([^-]+)$/.exec(basename(folder)) ?? [];
  if (!program || !hash) throw new Error(`not a folder of a built program: ${join(dirname(folder), basename(folder))}`);
  return `docker.io/pgharbor/${program}:${hash}`;
}

async function tar(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const pack = tarPack();
  // Always the same bytes for the same program.
  for (const [name, content] of Object.entries(files)) pack.entry({ name, mode: 0o755, mtime: new Date(0) }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
