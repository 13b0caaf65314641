import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withFolderLock } from "../../cache/folder-lock";
import type { Progress } from "../../cache/progress";
import { mustRun } from "../../cache/run-command";
import { ensureGo } from "../../pulumi/go-toolchain";
import { PACKAGE_ROOT } from "../../pulumi/versions";
import { kubernetesCache } from "../cluster-folders";

export const KUBERNETES_VERSION = "1.33.0";

/** Newer ones want containerd 2 and version 2 of cgroups, which Debian 12 and many containers lack. */
const [MAJOR, MINOR] = KUBERNETES_VERSION.split(".");
const VERSION = "k8s.io/component-base/version";

interface GoModule {
  readonly name: "kubernetes" | "localdir" | "coredns" | "pause";
  /** What it is built from and what the programs are called. */
  readonly packages: Readonly<Record<string, string>>;
  readonly linkerFlags: string;
}

const KUBERNETES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"];
const STRIPPED = "-s -w";

/** The small ones come after Kubernetes: most of what they consist of is compiled by then. */
const MODULES: readonly GoModule[] = [
  {
    name: "kubernetes",
    packages: Object.fromEntries(KUBERNETES.map((program) => [program, `k8s.io/kubernetes/cmd/${program}`])),
    linkerFlags: `${STRIPPED} -X ${VERSION}.gitVersion=v${KUBERNETES_VERSION} -X ${VERSION}.gitMajor=${MAJOR} -X ${VERSION}.gitMinor=${MINOR}`,
  },
  ...(["localdir", "coredns", "pause"] as const).map((name) => ({
    name,
    packages: { [name]: "." },
    linkerFlags: STRIPPED,
  })),
];

/** Folders of the programs, by module. */
export type GoPrograms = Readonly<Record<GoModule["name"], string>>;

export interface BuildOptions {
  /** Leaves the processors to everybody else. @default false */
  readonly inBackground?: boolean;
}

/** Builds Kubernetes and the programs of its add-ons, each from the Go module that the go.sum beside it pins; once. */
export async function ensureGoPrograms(progress: Progress, options: BuildOptions = {}): Promise<GoPrograms> {
  const cache = kubernetesCache();
  const folders = await programFolders(cache);
  if (MODULES.every(({ name }) => existsSync(folders[name]))) return folders;
  const work = join(cache, "build");
  await withFolderLock(work, progress, async () => {
    const missing = MODULES.filter(({ name }) => !existsSync(folders[name]));
    if (missing.length === 0) return;
    const caches = join(work, "go-caches");
    const go = await ensureGo(caches, progress);
    for (const module of missing) await build(module, folders[module.name], { work, caches, go, progress, ...options });
    // 4 GB that nobody needs again; after a failure they stay and make the next try short.
    await rm(caches, { recursive: true, force: true });
  });
  return folders;
}

/** A folder's name says what its programs are made of, so that a changed source is a new folder. */
async function programFolders(cache: string): Promise<GoPrograms> {
  const entries = await Promise.all(
    MODULES.map(async (module) => {
      const hash = createHash("sha256").update(JSON.stringify(module));
      const sources = sourcesOf(module);
      for (const file of (await readdir(sources)).sort()) hash.update(file).update(await readFile(join(sources, file)));
      return [module.name, join(cache, "programs", `${module.name}-${hash.digest("hex").slice(0, 12)}`)];
    }),
  );
  return Object.fromEntries(entries) as GoPrograms;
}

interface Build extends BuildOptions {
  readonly work: string;
  readonly caches: string;
  readonly go: string;
  readonly progress: Progress;
}

async function build(module: GoModule, target: string, context: Build): Promise<void> {
  const what = module.name === "kubernetes" ? `Kubernetes ${KUBERNETES_VERSION}` : module.name;
  const scratch = await mkdtemp(join(context.work, `${module.name}-`));
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const ticker = setInterval(() => context.progress(`still building ${what} (${seconds()} s)`), 30_000);
  try {
    const hint = module.name === "kubernetes" ? " (once; 4 to 10 minutes)" : " (once)";
    context.progress(`building ${what} from its Go module${hint}`);
    const sources = join(scratch, "source");
    await cp(sourcesOf(module), sources, { recursive: true });
    const programs = join(scratch, "programs");
    await mkdir(programs);
    const flags = ["build", "-mod=readonly", "-trimpath", "-ldflags", module.linkerFlags];
    const command = [context.go, ...flags, "-o", `${programs}/`, ...Object.values(module.packages)];
    const [program, ...args] = context.inBackground ? ["nice", "-n", "19", ...command] : command;
    await mustRun(`building ${what}`, program!, args, {
      cwd: sources,
      env: { ...process.env, ...goSettings(context) },
    });
    await mkdir(join(target, ".."), { recursive: true });
    await rename(programs, target);
    context.progress(`${what} is built (${seconds()} s)`);
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A build that leaves the user's own Go folders alone. CGO would need a C compiler for nothing. */
function goSettings({ caches }: Build): NodeJS.ProcessEnv {
  return {
    GOTOOLCHAIN: "local",
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOMODCACHE: join(caches, "mod"),
    GOCACHE: join(caches, "build"),
    GOPATH: join(caches, "path"),
  };
}

function sourcesOf({ name }: GoModule): string {
  return join(PACKAGE_ROOT, "src", "kubernetes", "go", name);
}
