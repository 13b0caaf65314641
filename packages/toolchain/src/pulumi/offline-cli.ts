import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "../cache/progress";
import { mustRun } from "../cache/run-command";
import { ensureGo } from "./go-toolchain";
import { OFFLINE_CLI_VERSION, PACKAGE_ROOT } from "./versions";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** Builds the Pulumi CLI from its Go module (pinned by the go.sum beside this file) and returns the folder with the executable. */
export async function buildOfflineCli(folder: string, progress: Progress): Promise<string> {
  const target = path.join(folder, `cli-${OFFLINE_CLI_VERSION}-offline`);
  const binary = path.join(target, "pulumi");
  if (await exists(binary)) return target;
  const caches = path.join(folder, "go-caches");
  const go = await ensureGo(caches, progress);
  const scratch = await fs.mkdtemp(path.join(folder, "cli-build-"));
  const started = Date.now();
  const ticker = setInterval(() => {
    progress(`still building the Pulumi CLI (${Math.round((Date.now() - started) / 1000)} s)`);
  }, 30_000);
  try {
    progress(`building Pulumi CLI ${OFFLINE_CLI_VERSION} from its Go module (once; 1 to 5 minutes)`);
    for (const file of ["go.mod", "go.sum"]) {
      await fs.copyFile(path.join(PACKAGE_ROOT, "src", "pulumi", "offline-cli", file), path.join(scratch, file));
    }
    const flags = `-s -w -X ${VERSION_VARIABLE}=v${OFFLINE_CLI_VERSION}`;
    await mustRun(
      "building the Pulumi CLI",
      go,
      ["build", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", "pulumi", CLI_PACKAGE],
      {
        cwd: scratch,
        env: { ...process.env, ...goSettings(caches) },
      },
    );
    await fs.mkdir(target, { recursive: true });
    await fs.rename(path.join(scratch, "pulumi"), binary);
    // 2 GB that nobody needs again; after a failure they stay and make the next try short.
    await fs.rm(caches, { recursive: true, force: true });
  } finally {
    clearInterval(ticker);
    await fs.rm(scratch, { recursive: true, force: true });
  }
  return target;
}

/** A build that leaves the user's own Go folders alone. CGO would need a C compiler for nothing. */
function goSettings(caches: string): NodeJS.ProcessEnv {
  return {
    GOTOOLCHAIN: "local",
    GOFLAGS: "-buildvcs=false -modcacherw",
    CGO_ENABLED: "0",
    GOMODCACHE: path.join(caches, "mod"),
    GOCACHE: path.join(caches, "build"),
    GOPATH: path.join(caches, "path"),
  };
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file, fs.constants.X_OK).then(
    () => true,
    () => false,
  );
}
