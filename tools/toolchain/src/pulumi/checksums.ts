import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

const FETCH_MS = 15_000;

/** A downloaded file differs from the published one. A file that cannot be checked is an ordinary failure with a fallback. */
export class TamperedDownload extends Error {
  constructor(what: string) {
    super(
      `${what}; nothing of it was kept: run it again, and if it stays so look what stands between you and the release host`,
    );
  }
}

/** The SHA-256 that a release's own list has for a file: lines of a sum and a name, as `sha256sum` writes them. */
export async function publishedSum(list: string, file: string): Promise<string> {
  const response = await fetch(list, { signal: AbortSignal.timeout(FETCH_MS) }).catch((error: Error) => error);
  if (response instanceof Error || !response.ok) {
    const why = response instanceof Error ? response.message : `HTTP ${response.status}`;
    throw new Error(`${file} cannot be checked: ${list} is not to be had (${why})`);
  }
  const lines = (await response.text()).split("\n").map((line) => /^([0-9a-f]{64}) [ *](\S+)\s*$/i.exec(line));
  const sum = lines.find((line) => line?.[2] === file)?.[1];
  if (sum === undefined) throw new Error(`${file} cannot be checked: ${list} does not name it`);
  return sum.toLowerCase();
}

/** Throws if a file differs from the published one. */
export async function assertSum(path: string, file: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const got = hash.digest("hex");
  if (got === expected) return;
  throw new TamperedDownload(`${file} is not what was published: its SHA-256 is ${got}, and should be ${expected}`);
}
