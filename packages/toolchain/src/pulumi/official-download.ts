import { createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Progress } from "../cache/progress";
import { mustRun, runCommand } from "../cache/run-command";
import { quiet } from "./installed-cli";

/** As documented at https://www.pulumi.com/docs/install/versions/. */
const RELEASES = "https://get.pulumi.com/releases/sdk";
const REACH_MS = 4000;
const DOWNLOAD_MS = 10 * 60_000;

function archiveUrl(version: string): string | undefined {
  const arch = { x64: "x64", arm64: "arm64" }[process.arch as string];
  const system = { linux: "linux", darwin: "darwin" }[process.platform as string];
  return arch && system && `${RELEASES}/pulumi-v${version}-${system}-${arch}.tar.gz`;
}

/** Whether the release host answers at all. A machine that reaches only package registries finds out in seconds. */
export async function isReleaseHostReachable(version: string): Promise<boolean> {
  const url = archiveUrl(version);
  if (!url) return false;
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(REACH_MS) })).ok;
  } catch {
    return false;
  }
}

/** Downloads and unpacks a release; the folder returned holds the CLI and the language hosts. `undefined` when that does not work. */
export async function downloadCli(folder: string, version: string, progress: Progress): Promise<string | undefined> {
  const target = path.join(folder, `cli-${version}-official`);
  if (await fs.stat(path.join(target, "pulumi")).catch(() => undefined)) return target;
  const url = archiveUrl(version);
  if (!url) return undefined;
  const scratch = await fs.mkdtemp(path.join(folder, "cli-download-"));
  try {
    progress(`downloading Pulumi CLI ${version}`);
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok || !response.body) return undefined;
    const archive = path.join(scratch, "pulumi.tar.gz");
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(archive));
    await mustRun("unpacking the Pulumi CLI", "tar", ["-xzf", archive, "-C", scratch]);
    await fs.rm(target, { recursive: true, force: true });
    await fs.rename(path.join(scratch, "pulumi"), target);
    return target;
  } catch (error) {
    progress(`the download of the Pulumi CLI failed (${(error as Error).message}); building it instead`);
    return undefined;
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/** Has the CLI download an official provider plugin into `home`, in place of what is there. */
export async function downloadPlugin(
  binary: string,
  home: string,
  name: string,
  version: string,
  progress: Progress,
): Promise<boolean> {
  progress(`downloading the ${name} plugin ${version}`);
  const env = { ...quiet(), PULUMI_HOME: home };
  const result = await runCommand(binary, ["plugin", "install", "resource", name, `v${version}`, "--reinstall"], {
    env,
    timeoutMs: 3 * 60_000,
  });
  return result.code === 0;
}
