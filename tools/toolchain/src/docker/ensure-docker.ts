import { setTimeout as sleep } from "node:timers/promises";
import { aptInstall, cacheFolder, isInstalled, type Progress, withFolderLock } from "@pgharbor/build-cache";
import { join } from "node:path";
import { type DockerEndpoint, type DockerRefusal, dockerHosts, findDocker } from "./docker-endpoint";
import { startEngine } from "./start-engine";

/** The engine was running, was installed but stopped, or was missing. */
export type DockerOrigin = "running" | "started" | "installed";

export interface DockerInstall extends DockerEndpoint {
  readonly origin: DockerOrigin;
}

const START_SECONDS = 60;

/**
 * Provides a Docker engine: the running one, else an installed one, which is started, else Debian's, which is installed
 * and started. Starting and installing need root; without it the error says what to do.
 */
export async function ensureDocker(progress: Progress): Promise<DockerInstall> {
  const hosts = dockerHosts(process.env);
  const found = await findDocker(hosts);
  if (!Array.isArray(found)) return { ...found, origin: "running" };

  const blocked = refusedByUs(found);
  if (blocked) throw new Error(blocked);
  const installed = isInstalled("dockerd");
  const root = process.getuid?.() === 0;
  if (process.platform !== "linux" || !root || (!installed && !isInstalled("apt-get")))
    throw new Error(noEngine(found));

  return withFolderLock(join(cacheFolder(), "docker"), progress, () => bringUp(hosts, installed, progress));
}

async function bringUp(hosts: readonly string[], installed: boolean, progress: Progress): Promise<DockerInstall> {
  const meanwhile = await findDocker(hosts);
  if (!Array.isArray(meanwhile)) return { ...meanwhile, origin: "running" };
  if (!installed) await installEngine(progress);
  progress("starting the Docker engine");
  const log = await startEngine();
  return { ...(await waitForEngine(hosts, log)), origin: installed ? "started" : "installed" };
}

/** Another engine would not help: the user named one, or one exists that we may not use. */
function refusedByUs(refusals: readonly DockerRefusal[]): string | undefined {
  const named = process.env.DOCKER_HOST;
  if (named) {
    return `Docker: no engine answers at DOCKER_HOST=${named} (${refusals[0]?.message}); start it, or unset DOCKER_HOST`;
  }
  const forbidden = refusals.find((refusal) => refusal.code === "EACCES");
  if (forbidden) {
    return `Docker: you may not use ${forbidden.host}; join its group (sudo usermod -aG docker "$USER"), then log in again`;
  }
  return undefined;
}

function noEngine(refusals: readonly DockerRefusal[]): string {
  const looked = refusals.map((refusal) => refusal.host).join(", ");
  const fix = isInstalled("dockerd")
    ? "it is installed but stopped: run `sudo systemctl start docker`, or this command as root"
    : "install one (https://docs.docker.com/engine/install/), or on Debian or Ubuntu run this command as root";
  return `Docker: no engine answers (looked at ${looked}); ${fix}`;
}

async function installEngine(progress: Progress): Promise<void> {
  progress("installing docker.io with apt");
  // docker.io only recommends iptables, but without it there is no bridge network.
  await aptInstall(["docker.io", "iptables"], progress);
}

async function waitForEngine(hosts: readonly string[], log: string): Promise<DockerEndpoint> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline) {
    const found = await findDocker(hosts);
    if (!Array.isArray(found)) return found;
    await sleep(250);
  }
  throw new Error(`Docker: the engine was started but has not answered for ${START_SECONDS} s; its log: ${log}`);
}
