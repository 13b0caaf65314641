import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../cache/progress";
import { mustRun } from "../cache/run-command";
import { ensureGo } from "./go-toolchain";

/** Programs that are built from a Go module; the go.sum in its folder pins all dependencies. */
export interface GoModule {
  /** Its name in file names. */
  readonly name: string;
  /** Its name in progress lines. @default name */
  readonly title?: string;
  /** The folder of go.mod and go.sum. */
  readonly sources: string;
  /** The package of each program; `go build` names the program after the package's folder. */
  readonly packages: Readonly<Record<string, string>>;
  readonly linkerFlags: string;
  readonly tags?: string;
  /** How long a first build takes, such as `4 to 10 minutes`. */
  readonly duration?: string;
}

export interface GoWorkshop {
  /** The folder of the programs. */
  readonly programs: string;
  /** A folder for temporary files of a build. The caller holds the lock of this folder. */
  readonly work: string;
  readonly progress: Progress;
  /** Runs at low priority. @default false */
  readonly inBackground?: boolean;
}

/** The folder of a module's programs. Its name holds a hash of the sources and flags, so a change of them gives a new folder. */
export async function goProgramFolder(module: GoModule, programs: string): Promise<string> {
  const { name, packages, linkerFlags, tags } = module;
  const hash = createHash("sha256").update(JSON.stringify({ name, packages, linkerFlags, tags }));
  for (const file of await filesBelow(module.sources)) {
    hash.update(file).update(await readFile(join(module.sources, file)));
  }
  return join(programs, `${name}-${hash.digest("hex").slice(0, 12)}`);
}

/** Builds the programs of a module, once. @returns their folder */
export async function ensureGoModule(module: GoModule, workshop: GoWorkshop): Promise<string> {
  const target = await goProgramFolder(module, workshop.programs);
  if (!existsSync(target)) await build(module, target, workshop);
  return target;
}

/** Removes gigabytes that no program needs at run time. A failed build keeps them, so that the next one is faster. */
export function removeGoCaches({ work }: Pick<GoWorkshop, "work">): Promise<void> {
  return rm(cachesOf(work), { recursive: true, force: true });
}

const cachesOf = (work: string): string => join(work, "go-caches");

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of (await readdir(folder, { recursive: true })).sort()) {
    if ((await stat(join(folder, entry))).isFile()) files.push(entry);
  }
  return files;
}

async function build(module: GoModule, target: string, workshop: GoWorkshop): Promise<void> {
  const { progress, work } = workshop;
  const { name, title = name, duration } = module;
  await mkdir(work, { recursive: true });
  const go = await ensureGo(cachesOf(work), progress);
  const scratch = await mkdtemp(join(work, `${name}-`));
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const ticker = setInterval(() => progress(`still building ${title} (${seconds()} s)`), 30_000);
  try {
    progress(`building ${title} from its Go module (once${duration === undefined ? "" : `; ${duration}`})`);
    const sources = join(scratch, "source");
    await cp(module.sources, sources, { recursive: true });
    const programs = join(scratch, "programs");
    await mkdir(programs);
    const tags = module.tags === undefined ? [] : ["-tags", module.tags];
    const flags = ["build", "-mod=readonly", "-trimpath", ...tags, "-ldflags", module.linkerFlags];
    const command = [go, ...flags, "-o", `${programs}/`, ...Object.values(module.packages)];
    const [program, ...args] = workshop.inBackground ? ["nice", "-n", "19", ...command] : command;
    await mustRun(`building ${title}`, program!, args, {
      cwd: sources,
      env: { ...process.env, ...goSettings(cachesOf(work)) },
    });
    await mkdir(workshop.programs, { recursive: true });
    await rename(programs, target);
    progress(`${title} is built (${seconds()} s)`);
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A build that does not use the user's Go folders. CGO is off, because it would need a C compiler. */
function goSettings(caches: string): NodeJS.ProcessEnv {
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
