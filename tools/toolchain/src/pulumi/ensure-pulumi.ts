import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
  cacheFolder,
  goProgramFolder,
  type GoWorkshop,
  type Progress,
  removeGoCaches,
  withFolderLock,
} from "@pgharbor/build-cache";
import { findOnPath, isExecutable, usableCli } from "./installed-cli";
import { buildOfflineCli, buildProvider, isBuilt, providerModule } from "./offline-build";
import { downloadCli, downloadPlugin, isReleaseHostReachable } from "./official-download";
import { ensurePlugins, linkOrCopy, pluginExecutable, userPulumiHome, writeLauncher } from "./provider-plugins";
import type { Origin, PulumiInstall, PulumiPlugin } from "./pulumi-install";
import {
  CHECKOUT,
  COMMON_PROVIDERS,
  OFFLINE_CLI_VERSION,
  STAND_INS,
  packageFolder,
  packageVersion,
  type ProviderName,
  PROVIDERS,
} from "./versions";

/** Raised when the layout of a set-up changes, so that older set-ups are created again. */
const LAYOUT = 4;

export interface EnsurePulumiOptions {
  /** `offline` neither looks for the user's Pulumi nor downloads one. @default PGHARBOR_PULUMI from the environment, else `any` */
  readonly source?: "any" | "offline";
  /** True if the plugin of kubernetes is needed. An installed one stays. @default false */
  readonly kubernetes?: boolean;
  /** Runs at low priority. @default false */
  readonly inBackground?: boolean;
}

type Stored = Omit<PulumiInstall, "env">;

/** The record of a set-up in its folder. */
interface Stamp {
  readonly key: string;
  readonly install: Stored;
  /** Plugins whose download failed: the next set-up tries again. */
  readonly notDownloaded: readonly string[];
}

/**
 * Finds or sets up Pulumi with all that the programs of this checkout need: what the user has, then the official downloads, then the
 * offline set. The result is cached until a version, the checkout's path or the user's Pulumi changes.
 */
export async function ensurePulumi(progress: Progress, options: EnsurePulumiOptions = {}): Promise<PulumiInstall> {
  const source = options.source ?? (process.env.PGHARBOR_PULUMI === "offline" ? "offline" : "any");
  const folder = path.join(cacheFolder(), "pulumi");
  const programs = path.join(folder, "programs");
  const installed = source === "any" ? await findOnPath(folder) : undefined;
  const key = await stampKey(source, installed, programs);
  const set = path.join(
    folder,
    `set-${createHash("sha256").update(`${CHECKOUT}\n${source}`).digest("hex").slice(0, 10)}`,
  );
  const names = options.kubernetes === true ? PROVIDERS : COMMON_PROVIDERS;
  const ready =
    (await readyInstall(set, key, names)) ??
    (await withFolderLock(folder, progress, async () => {
      // Another process may have created it while this one waited for the lock.
      const made = await readyInstall(set, key, names);
      if (made) return made;
      const workshop = { programs, work: folder, progress, inBackground: options.inBackground };
      const stamp = { key, ...(await setUp({ set, installed, mayDownload: source === "any", key, names, workshop })) };
      await removeGoCaches(workshop);
      await fs.writeFile(path.join(set, "install.json"), JSON.stringify(stamp, undefined, 2));
      return stamp.install;
    }));
  return { ...ready, env: environment(ready) };
}

interface Wanted {
  /** The folder of this checkout's set. */
  readonly set: string;
  readonly key: string;
  readonly names: readonly ProviderName[];
  readonly installed: string | undefined;
  readonly mayDownload: boolean;
  readonly workshop: GoWorkshop;
}

/** Never changes an earlier set-up of the same key, because its programs may be running. */
async function setUp(wanted: Wanted): Promise<Omit<Stamp, "key">> {
  const { set, key, names, mayDownload, workshop } = wanted;
  const { progress } = workshop;
  const home = path.join(set, "home");
  await fs.mkdir(home, { recursive: true });
  const earlier = await readStamp(set, key);
  const sdkVersion = packageVersion("@pulumi/pulumi");
  const reachable = mayDownload && (await isReleaseHostReachable(sdkVersion));
  const cli =
    earlier !== undefined && (await isExecutable(earlier.install.binary))
      ? cliOf(earlier.install)
      : await findCli(wanted, reachable);
  const kept = await keptPlugins(earlier);
  const { plugins, notDownloaded } = await ensurePlugins(
    names,
    {
      home,
      kept,
      installedHome: mayDownload ? userPulumiHome() : undefined,
      download: reachable
        ? (name, version) => downloadPlugin({ binary: cli.binary, home, name, version }, progress)
        : undefined,
      build: (name, version) => buildProvider(name, version, workshop),
    },
    progress,
  );
  await requireBuiltStandIns(plugins);
  const languageHost = {
    path: path.join(path.dirname(cli.binary), "pulumi-language-nodejs"),
    origin: cli.origin === "offline build" ? ("offline stand-in" as Origin) : cli.origin,
  };
  const dynamic: PulumiPlugin = { name: "pulumi-nodejs", version: sdkVersion, origin: "npm package" };
  return { install: { ...cli, home, plugins: [...plugins, dynamic], languageHost }, notDownloaded };
}

type Cli = Pick<Stored, "binary" | "version" | "origin">;

const cliOf = ({ binary, version, origin }: Stored): Cli => ({ binary, version, origin });

async function findCli({ set, installed, workshop }: Wanted, reachable: boolean): Promise<Cli> {
  const { progress, work: folder } = workshop;
  const installedCli = installed ? await usableCli(installed, progress) : undefined;
  if (installedCli) return { binary: installedCli.binary, version: installedCli.version, origin: "yours" };
  const sdkVersion = packageVersion("@pulumi/pulumi");
  const downloaded = reachable ? await downloadCli(folder, sdkVersion, progress) : undefined;
  return downloaded
    ? { binary: path.join(downloaded, "pulumi"), version: sdkVersion, origin: "official download" }
    : { binary: await offlineCli(set, workshop), version: OFFLINE_CLI_VERSION, origin: "offline build" };
}

/** Installed plugins, without those whose download failed: it is tried again. */
async function keptPlugins(earlier: Stamp | undefined): Promise<PulumiPlugin[]> {
  if (earlier === undefined) return [];
  const { install, notDownloaded } = earlier;
  const settled = providersOf(install).filter(({ name }) => !notDownloaded.includes(name));
  const present = await Promise.all(
    settled.map(({ name, version }) => isExecutable(pluginExecutable(install.home, name, version))),
  );
  return settled.filter((_, i) => present[i]);
}

const providersOf = ({ plugins }: Stored): PulumiPlugin[] => plugins.filter(({ origin }) => origin !== "npm package");

/** The CLI looks for language hosts beside its real path, so each checkout gets a hard link to the built CLI. */
async function offlineCli(set: string, workshop: GoWorkshop): Promise<string> {
  const built = await buildOfflineCli(workshop);
  const bin = path.join(set, "bin");
  await fs.rm(bin, { recursive: true, force: true });
  await fs.mkdir(bin, { recursive: true });
  const binary = path.join(bin, "pulumi");
  await linkOrCopy(built, binary);
  await writeLauncher(path.join(bin, "pulumi-language-nodejs"), path.join(STAND_INS, "language-host", "main.js"), []);
  const dynamicProvider = path.join(bin, "pulumi-resource-pulumi-nodejs");
  await fs.copyFile(path.join(packageFolder("@pulumi/pulumi"), "pulumi-resource-pulumi-nodejs"), dynamicProvider);
  await fs.chmod(dynamicProvider, 0o755);
  return binary;
}

async function requireBuiltStandIns(plugins: PulumiPlugin[]): Promise<void> {
  if (!plugins.some((plugin) => plugin.origin === "offline stand-in")) return;
  const script = path.join(STAND_INS, "providers", "main.js");
  await fs.access(script).catch(() => {
    throw new Error(`${script} is missing: run \`npm run build\` once`);
  });
}

async function stampKey(source: string, installed: string | undefined, programs: string): Promise<string> {
  const installedCli = installed ? await fs.stat(installed) : undefined;
  const built = PROVIDERS.filter((name) => isBuilt(name)).map((name) =>
    providerModule(name, packageVersion(`@pulumi/${name}`)),
  );
  const parts = {
    layout: LAYOUT,
    source,
    checkout: CHECKOUT,
    node: process.execPath,
    installed: installed && [installed, installedCli?.size, installedCli?.mtimeMs],
    cli: OFFLINE_CLI_VERSION,
    versions: ["pulumi", ...PROVIDERS].map((name) => packageVersion(`@pulumi/${name}`)),
    built: await Promise.all(built.map((module) => goProgramFolder(module, programs))),
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The existing set, if it has this key, these plugins and all its files: users may have removed a plugin of theirs. */
async function readyInstall(set: string, key: string, names: readonly ProviderName[]): Promise<Stored | undefined> {
  const stamp = await readStamp(set, key);
  if (stamp === undefined || stamp.notDownloaded.length > 0) return undefined;
  const { binary, home } = stamp.install;
  const providers = providersOf(stamp.install);
  if (!names.every((name) => providers.some((plugin) => plugin.name === name))) return undefined;
  const files = [binary, ...providers.map(({ name, version }) => pluginExecutable(home, name, version))];
  return (await Promise.all(files.map(isExecutable))).every(Boolean) ? stamp.install : undefined;
}

async function readStamp(set: string, key: string): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await fs.readFile(path.join(set, "install.json"), "utf8")) as Stamp;
    return stamp.key === key ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function environment(install: Stored): { [name: string]: string } {
  const offline = install.plugins.some(({ origin }) => origin.startsWith("offline"));
  // The launchers and the dynamic provider run `node`, which must be the current executable.
  const folders = [path.dirname(install.binary), path.dirname(process.execPath)];
  return {
    PATH: [...folders, process.env.PATH ?? ""].join(path.delimiter),
    PULUMI_HOME: install.home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Nothing could be downloaded, so a further plugin should be reported missing, not waited for.
    ...(offline ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}
