import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar-stream";
import { programImage } from "./program-image";

test("an image of one program, whose layer is what its configuration says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pgharbor-image-"));
  const programs = join(folder, "pause-0123456789ab");
  await mkdir(programs);
  await writeFile(join(programs, "pause"), "a program");
  const { reference, archive } = await programImage(programs);
  await rm(folder, { recursive: true });
  expect(reference).toBe("docker.io/pgharbor/pause:0123456789ab");
  const files = await unpack(archive);
  expect(JSON.parse(files["manifest.json"].toString())).toEqual([
    { Config: "config.json", RepoTags: [reference], Layers: ["layer.tar"] },
  ]);
  const hash = createHash("sha256").update(files["layer.tar"]).digest("hex");
  expect(JSON.parse(files["config.json"].toString())).toMatchObject({
    config: { Entrypoint: ["/pause"] },
    rootfs: { diff_ids: [`sha256:${hash}`] },
  });
  expect((await unpack(files["layer.tar"])).pause.toString()).toBe("a program");
});

async function unpack(archive: Buffer): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files[entry.header.name] = Buffer.concat(chunks);
  }
  return files;
}
