import type Docker from "dockerode";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall, isInstalled, mustRun, type Progress } from "@pgharbor/build-cache";
import { type AptArchive, findAptArchive, readAptSources } from "./apt-archive";
import { followProgress } from "./follow-progress";

/** Long enough for a registry to answer, and short enough not to be noticed without one. */
const PULL_ANSWER_MILLISECONDS = 10_000;

/**
 * Provides the base of our images: Debian's official image if it is present or can be pulled, else one built with
 * debootstrap from the archive of this machine's apt.
 * @returns its digest if it was pulled, so that an image names its exact base, else its tag
 */
export async function ensureBaseImage(docker: Docker, suite: string, progress: Progress): Promise<string> {
  const official = `debian:${suite}-slim`;
  const own = `pgharbor/base:${suite}`;
  for (const tag of [official, own]) if (await imageExists(docker, tag)) return pinned(docker, tag);
  progress(`${official}: pulling`);
  if (await pull(docker, official, progress)) return pinned(docker, official);
  progress(`${official}: no registry answers, making ${own} with debootstrap (about a minute)`);
  await bootstrap(docker, suite, own, progress);
  return own;
}

/** `debian@sha256:…`; a base that was built here has no registry digest. */
const pinned = async (docker: Docker, tag: string): Promise<string> =>
  (await docker.getImage(tag).inspect()).RepoDigests?.[0] ?? tag;

export async function imageExists(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

async function pull(docker: Docker, tag: string, progress: Progress): Promise<boolean> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), PULL_ANSWER_MILLISECONDS);
  try {
    const stream = await docker.pull(tag, { abortSignal: timeout.signal });
    // The time-out covers only the registry's first answer, not the download.
    await followProgress(docker, stream, () => clearTimeout(timer));
    return true;
  } catch (error) {
    progress(`${tag}: ${(error as Error).message}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrap(docker: Docker, suite: string, tag: string, progress: Progress): Promise<void> {
  const archive = findAptArchive(readAptSources());
  if (!archive || process.getuid?.() !== 0) {
    throw new Error(
      `base image: debian:${suite}-slim cannot be pulled, and debootstrap needs root and a Debian archive in apt's sources; ` +
        `give Docker access to a registry, or load an image: docker load < debian-${suite}.tar`,
    );
  }
  if (!isInstalled("debootstrap")) {
    progress("installing debootstrap with apt");
    await aptInstall(["debootstrap"], progress);
  }
  const root = mkdtempSync(join(tmpdir(), "pgharbor-base-"));
  try {
    const options = ["--variant=minbase", "--include=ca-certificates"];
    await mustRun(`making ${tag}`, "debootstrap", [...options, suite, root, archive.main]);
    writeFileSync(join(root, "etc/apt/sources.list"), aptSources(archive, suite));
    await importFolder(docker, root, tag);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function aptSources({ main, security }: AptArchive, suite: string): string {
  const lines = [`deb ${main} ${suite} main`, `deb ${main} ${suite}-updates main`];
  if (security) lines.push(`deb ${security} ${suite}-security main`);
  return lines.join("\n") + "\n";
}

async function importFolder(docker: Docker, folder: string, tag: string): Promise<void> {
  const leftOut = ["./var/cache/apt/archives/*.deb", "./var/cache/apt/*.bin", "./var/lib/apt/lists/*"];
  const excludes = leftOut.map((path) => `--exclude=${path}`);
  const tar = spawn("tar", ["-C", folder, "--numeric-owner", ...excludes, "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [repo, version] = tag.split(":");
  const stream = await docker.importImage(tar.stdout, { repo, tag: version });
  await followProgress(docker, stream);
}
