import { createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { mustRun, type Progress, runCommand } from "@pgharbor/build-cache";
import { assertSum, publishedSum, TamperedDownload } from "./checksums";
import { quiet } from "./installed-cli";

/** Releases and their checksums are on different hosts, so that neither host alone can serve a forged release. */
export interface ReleaseHosts {
  /** As documented at https://www.pulumi.com/docs/install/versions/. */
  readonly releases: string;
  readonly checksums: string;
}
const OFFICIAL: ReleaseHosts = {
  releases: "https://get.pulumi.com/releases/sdk",
  checksums: "https://github.com/pulumi",
};
const REACH_MS = 4000;
const DOWNLOAD_MS = 10 * 60_000;

const system = (): string | undefined => ({ linux: "linux", darwin: "darwin" })[process.platform as string];

function archiveName(version: string): string | undefined {
  const arch = { x64: "x64", arm64: "arm64" }[process.arch as string];
  return arch && system() && `pulumi-v${version}-${system()}-${arch}.tar.gz`;
}

/** False within seconds on a machine that can connect only to package registries. */
export async function isReleaseHostReachable(version: string): Promise<boolean> {
  const name = archiveName(version);
  if (!name) return false;
  try {
    return (await fetch(`${OFFICIAL.releases}/${name}`, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) })).ok;
  } catch {
    return false;
  }
}

/**
 * Downloads, checks and unpacks a release; the folder returned holds the CLI and the language hosts. `undefined` when that does not work.
 * A file whose checksum differs is deleted and ends the set-up; the next set-up downloads it again.
 */
export async function downloadCli(
  folder: string,
  version: string,
  progress: Progress,
  { releases, checksums } = OFFICIAL,
): Promise<string | undefined> {
  const target = path.join(folder, `cli-${version}-official`);
  if (await fs.stat(path.join(target, "pulumi")).catch(() => undefined)) return target;
  const name = archiveName(version);
  if (!name) return undefined;
  const scratch = await fs.mkdtemp(path.join(folder, "cli-download-"));
  try {
    progress(`downloading Pulumi CLI ${version}`);
    const sum = await publishedSum(
      `${checksums}/pulumi/releases/download/v${version}/pulumi-${version}-checksums.txt`,
      name,
    );
    const response = await fetch(`${releases}/${name}`, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok || !response.body) return undefined;
    const archive = path.join(scratch, "pulumi.tar.gz");
    await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
    await assertSum(archive, name, sum);
    await mustRun("unpacking the Pulumi CLI", "tar", ["-xzf", archive, "-C", scratch]);
    await fs.rm(target, { recursive: true, force: true });
    await fs.rename(path.join(scratch, "pulumi"), target);
    return target;
  } catch (error) {
    if (error instanceof TamperedDownload) throw error;
    progress(`the download of the Pulumi CLI failed (${(error as Error).message}); building it instead`);
    return undefined;
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** A plugin, and where it goes. */
export interface WantedPlugin {
  /** The CLI that downloads it. */
  readonly binary: string;
  /** PULUMI_HOME. */
  readonly home: string;
  readonly name: string;
  readonly version: string;
}

/** The CLI downloads an official provider plugin, checks it and replaces an existing one. */
export async function downloadPlugin(
  { binary, home, name, version }: WantedPlugin,
  progress: Progress,
  { checksums } = OFFICIAL,
): Promise<boolean> {
  progress(`downloading the ${name} plugin ${version}`);
  const arch = { x64: "amd64", arm64: "arm64" }[process.arch as string];
  const archive = `pulumi-resource-${name}-v${version}-${system()}-${arch}.tar.gz`;
  const release = `${checksums}/pulumi-${name}/releases/download/v${version}`;
  const sum = await publishedSum(`${release}/pulumi-${name}_${version}_checksums.txt`, archive).catch(
    (error: Error) => {
      progress(error.message);
      return undefined;
    },
  );
  if (sum === undefined) return false;
  const args = ["plugin", "install", "resource", name, `v${version}`, "--reinstall", "--checksum", sum];
  const env = { ...quiet(), PULUMI_HOME: home };
  const result = await runCommand(binary, args, { env, timeoutMs: 3 * 60_000 });
  if (/checksum/i.test(result.stderr) && result.code !== 0)
    throw new TamperedDownload(`${archive} is not what was published: ${result.stderr.trim()}`);
  return result.code === 0;
}
