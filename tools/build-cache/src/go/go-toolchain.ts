import * as fs from "node:fs/promises";
import * as path from "node:path";
import { aptInstall } from "../cache/apt-install";
import type { Progress } from "../cache/progress";
import { mustRun, runCommand } from "../cache/run-command";
import { isAtLeast } from "../is-at-least";

/** The version that the go.mod of the CLI's module requires. */
const GO_VERSION = "1.26.6";

/** The `go` command for builds: the user's, or one that an older `go` has fetched into `folder` as a Go module. */
export async function ensureGo(folder: string, progress: Progress): Promise<string> {
  await fs.mkdir(folder, { recursive: true });
  const found = await installedGo();
  if (found && isAtLeast(found.version, GO_VERSION)) return found.command;
  const fetched = path.join(folder, `go-${GO_VERSION}`, "bin", "go");
  if ((await versionOf(fetched)) !== undefined) return fetched;
  const starter = found?.command ?? (await installGo(progress));
  return fetchToolchain(starter, folder, progress);
}

async function installedGo(): Promise<{ command: string; version: string } | undefined> {
  let best: { command: string; version: string } | undefined;
  for (const command of ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go"]) {
    const version = await versionOf(command);
    if (version && (!best || !isAtLeast(best.version, version))) best = { command, version };
  }
  return best;
}

async function versionOf(command: string): Promise<string | undefined> {
  const result = await runCommand(command, ["version"], { env: { ...process.env, GOTOOLCHAIN: "local" } });
  return /go version go(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout)?.[1];
}

/** Debian's Go may be too old to build with, but any Go can fetch a newer one. */
async function installGo(progress: Progress): Promise<string> {
  if (process.getuid?.() !== 0) {
    const fix = "install Go 1.21 or later (https://go.dev/doc/install), or put `pulumi` on PATH";
    throw new Error(`there is no \`go\` command to build with, and not root to install one: ${fix}`);
  }
  progress("installing Go from the Debian archive");
  await aptInstall(["golang-go", "ca-certificates"], progress);
  return "go";
}

/** Every Go release is also a module, as GOTOOLCHAIN uses it, so its checksum is verified as any other's. */
async function fetchToolchain(starter: string, folder: string, progress: Progress): Promise<string> {
  progress(`fetching Go ${GO_VERSION} (about 70 MB)`);
  const target = path.join(folder, `go-${GO_VERSION}`);
  const scratch = await fs.mkdtemp(path.join(folder, "go-fetch-"));
  try {
    const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
    const module = `golang.org/toolchain@v0.0.1-go${GO_VERSION}.${platform}`;
    // Every folder that Go would otherwise make in the user's home.
    const own = { GOMODCACHE: scratch, GOPATH: path.join(scratch, "path"), GOCACHE: path.join(scratch, "build") };
    const env = { ...process.env, ...own, GOFLAGS: "-modcacherw", GOTOOLCHAIN: "local" };
    await mustRun("fetching Go", starter, ["mod", "download", module], { cwd: scratch, env });
    await fs.rm(target, { recursive: true, force: true });
    await fs.rename(path.join(scratch, module), target);
    // A module's files carry no executable bit.
    for (const programs of ["bin", `pkg/tool/${platform.replace("-", "_")}`]) {
      const directory = path.join(target, programs);
      for (const program of await fs.readdir(directory)) await fs.chmod(path.join(directory, program), 0o755);
    }
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
  return path.join(target, "bin", "go");
}
