import { readFile } from "node:fs/promises";
import type { CheckFailure } from "../protocol/resource-type";
import { UNKNOWN, type Properties } from "../protocol/values";
import { objectsOf, textOf } from "./reading";

const SOURCES = ["content", "contentBase64", "source"];

/** One archive of all files to put into a container before it starts. */
export async function uploadArchive(uploads: Properties[]): Promise<Buffer> {
  const { pack } = await import("tar-stream");
  const archive = pack();
  for (const upload of uploads) {
    const header = {
      name: String(upload.file).replace(/^\/+/, ""),
      mode: modeOf(upload),
      mtime: new Date(),
      ...ownerOf(upload.owner, "uid", "uname"),
      ...ownerOf(upload.group, "gid", "gname"),
    };
    archive.entry(header, await contentOf(upload));
  }
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export function checkUploads(inputs: Properties): CheckFailure[] {
  return objectsOf(inputs.uploads).flatMap((upload, index) => {
    const property = `uploads[${index}]`;
    const given = SOURCES.filter((source) => textOf(upload[source]) !== undefined);
    const failures: CheckFailure[] = [];
    if (given.length !== 1) {
      const got = given.join(" and ") || "none";
      failures.push({ property, reason: `needs exactly one of ${SOURCES.join(", ")}, got ${got}` });
    }
    const permissions = textOf(upload.permissions);
    if (permissions && permissions !== UNKNOWN && !/^0[0-7]{3}$/.test(permissions)) {
      failures.push({ property: `${property}.permissions`, reason: `must be like 0644, got ${permissions}` });
    }
    return failures;
  });
}

async function contentOf(upload: Properties): Promise<Buffer> {
  const base64 = textOf(upload.contentBase64);
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  const source = textOf(upload.source);
  return source === undefined ? Buffer.from(textOf(upload.content) ?? "", "utf8") : readFile(source);
}

function modeOf(upload: Properties): number {
  const permissions = textOf(upload.permissions);
  if (permissions) return Number.parseInt(permissions, 8);
  return upload.executable === true ? 0o744 : 0o644;
}

function ownerOf(value: unknown, id: "uid" | "gid", name: "uname" | "gname") {
  if (value === undefined || value === null || value === "") return {};
  return /^\d+$/.test(String(value)) ? { [id]: Number(value) } : { [name]: String(value) };
}
