import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Progress } from "@pgharbor/build-cache";
import { isExecutable } from "./installed-cli";
import { type BuiltProvider, isBuilt } from "./offline-build";
import type { Origin, PulumiPlugin } from "./pulumi-install";
import { STAND_INS, packageVersion, type ProviderName } from "./versions";

/** Sources of plugins, in this order: the user's Pulumi, the official download, a local build, our stand-in. */
export interface PluginSources {
  /** Plugins in `home` that stay, because a process may be running them. @default none */
  readonly kept?: readonly PulumiPlugin[];
  /** PULUMI_HOME of this checkout. */
  readonly home: string;
  /** PULUMI_HOME of the user. @default none: it is not looked at */
  readonly installedHome?: string;
  /** Downloads a plugin into `home`. @default none: nothing is downloaded */
  readonly download?: (name: ProviderName, version: string) => Promise<boolean>;
  /** Builds a plugin and returns its executable. */
  readonly build: (name: BuiltProvider, version: string) => Promise<string>;
}

export interface EnsuredPlugins {
  readonly plugins: PulumiPlugin[];
  /** Downloads that failed. Their fallbacks are used until the next set-up, which tries again. */
  readonly notDownloaded: ProviderName[];
}

export const userPulumiHome = (): string => process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");

/** Puts these provider plugins into `home`. */
export async function ensurePlugins(
  names: readonly ProviderName[],
  sources: PluginSources,
  progress: Progress,
): Promise<EnsuredPlugins> {
  const plugins: PulumiPlugin[] = [...(sources.kept ?? [])];
  const notDownloaded: ProviderName[] = [];
  for (const name of names.filter((wanted) => !plugins.some((plugin) => plugin.name === wanted))) {
    const version = packageVersion(`@pulumi/${name}`);
    const plugin = new PluginFolder(sources.home, name, version);
    const origin = await ensurePlugin(plugin, sources, progress);
    plugins.push({ name, version, origin });
    if (sources.download && origin.startsWith("offline")) notDownloaded.push(name);
  }
  return { plugins, notDownloaded };
}

async function ensurePlugin(plugin: PluginFolder, sources: PluginSources, progress: Progress): Promise<Origin> {
  const { name, version } = plugin;
  const installed = sources.installedHome && (await plugin.executableIn(sources.installedHome));
  if (installed) {
    await plugin.fill((executable) => fs.symlink(installed, executable));
    return "yours";
  }
  if (sources.download) {
    if (await sources.download(name, version)) return "official download";
    progress(`the download of the ${name} plugin ${version} failed; the next set-up tries again`);
  }
  if (isBuilt(name)) {
    const built = await sources.build(name, version);
    await plugin.fill((executable) => linkOrCopy(built, executable));
    return "offline build";
  }
  const standIn = path.join(STAND_INS, "providers", "main.js");
  await plugin.fill((executable) => writeLauncher(executable, standIn, [name, version]));
  return "offline stand-in";
}

/** The path of a plugin in a PULUMI_HOME. */
export function pluginExecutable(home: string, name: string, version: string): string {
  return path.join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/** A plugin in PULUMI_HOME. Always a folder, because Pulumi ignores links to folders. */
class PluginFolder {
  private readonly folder: string;
  private readonly executable: string;

  constructor(
    home: string,
    readonly name: ProviderName,
    readonly version: string,
  ) {
    this.executable = pluginExecutable(home, name, version);
    this.folder = path.dirname(this.executable);
  }

  /** The executable of the same plugin in another PULUMI_HOME. The engine wants this very version, so no other is looked for. */
  async executableIn(home: string): Promise<string | undefined> {
    const executable = pluginExecutable(home, this.name, this.version);
    return (await isExecutable(executable)) ? executable : undefined;
  }

  async fill(put: (executable: string) => Promise<void>): Promise<void> {
    await fs.rm(this.folder, { recursive: true, force: true });
    await fs.mkdir(this.folder, { recursive: true });
    await put(this.executable);
  }
}

/** All checkouts share a built program by a hard link, or by a copy on another disk. */
export const linkOrCopy = (program: string, target: string): Promise<void> =>
  fs.link(program, target).catch(() => fs.copyFile(program, target));

/** A plugin is an executable file; ours is a shell script that execs Node.js, so that Node.js receives the signals. */
export async function writeLauncher(file: string, script: string, args: string[]): Promise<void> {
  const words = [process.execPath, script, ...args].map(shellWord).join(" ");
  await fs.writeFile(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
