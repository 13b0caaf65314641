import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { KubernetesForTests } from "./kubernetes-cluster";

/**
 * The real cert-manager, in a release whose controller is a single program of the project's Go module. Later
 * controllers are modules of their own that no proxy has. Its API, cert-manager.io/v1, is the same. No webhook: nothing
 * here needs its defaults.
 */
const MODULE = "github.com/cert-manager/cert-manager";
const SOURCES = path.join(__dirname, "cert-manager");

const run = async (command: string, args: string[], cwd: string): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd, env: goEnv(), maxBuffer: 64 * 1024 * 1024 })).stdout;
const goEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env.PATH ?? ""}:/usr/local/go/bin:/usr/lib/go/bin`,
  CGO_ENABLED: "0",
});

/** Returns a folder with the program and the definitions of its kinds. The first build takes some minutes. */
async function ensureCertManager(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await readdir(SOURCES)).sort())
    hash.update(file).update(await readFile(path.join(SOURCES, file)));
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "pgharbor", "tests");
  const target = path.join(cache, `cert-manager-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(path.join(cache, "cert-manager-"));
  try {
    process.stderr.write("cert-manager: building it from its Go module (once; 2 to 7 minutes)\n");
    await cp(SOURCES, path.join(scratch, "source"), { recursive: true });
    const source = path.join(scratch, "source");
    const flags = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-buildvcs=false"];
    await run("go", ["build", ...flags, "-o", path.join(scratch, "controller"), `${MODULE}/cmd/controller`], source);
    const module = JSON.parse(await run("go", ["mod", "download", "-json", MODULE], source)) as { Dir: string };
    await cp(path.join(module.Dir, "deploy", "crds"), path.join(scratch, "crds"), { recursive: true });
    await rm(source, { recursive: true });
    await rename(scratch, target);
    return target;
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
}

/** Runs `work` while cert-manager's kinds are installed. */
export async function withCertManagerKinds<T>(kubernetes: KubernetesForTests, work: () => Promise<T>): Promise<T> {
  const remove = await makeKinds(kubernetes);
  return work().finally(remove);
}

/** Installs the kinds. @returns a function that removes them again */
async function makeKinds(kubernetes: KubernetesForTests): Promise<() => Promise<void>> {
  const folder = path.join(await ensureCertManager(), "crds");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  // The labels that cert-manager's Helm chart sets.
  const kinds = texts.map((text) => text.replaceAll(/^.*\{\{.*$\n/gm, "")).join("\n---\n");
  const remove = async () => void (await kubernetes.kubectl(["delete", "--ignore-not-found", "-f", "-"], kinds));
  await kubernetes.kubectl(["apply", "--server-side", "-f", "-"], kinds);
  try {
    await kubernetes.kubectl(["wait", "--for=condition=Established", "--timeout=30s", "-f", "-"], kinds);
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The cert-manager controller, which runs on this machine. */
export interface CertManager {
  /** If `work` fails, the error includes the controller's log. */
  explain<T>(work: () => Promise<T>): Promise<T>;
  /** Stops the controller and removes its kinds. */
  stop(): Promise<void>;
}

export async function startCertManager(kubernetes: KubernetesForTests, namespace: string): Promise<CertManager> {
  const program = path.join(await ensureCertManager(), "controller");
  const removeKinds = await makeKinds(kubernetes);
  const flags = [
    "--leader-elect=false",
    `--cluster-resource-namespace=${namespace}`,
    "--metrics-listen-address=127.0.0.1:0",
  ];
  const child = spawn(program, [`--kubeconfig=${kubernetes.kubeconfig}`, ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000)));
  return {
    explain: (work) =>
      work().catch((error: Error) => {
        process.stderr.write(`cert-manager said:\n${output}\n`);
        throw error;
      }),
    stop: async () => {
      child.kill();
      await removeKinds();
    },
  };
}

/** Runs `work` while the controller runs. */
export async function withCertManager<T>(
  kubernetes: KubernetesForTests,
  namespace: string,
  work: () => Promise<T>,
): Promise<T> {
  const manager = await startCertManager(kubernetes, namespace);
  return manager.explain(work).finally(() => manager.stop());
}
