import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Progress } from "../cache/progress";
import { isExecutable } from "./installed-cli";
import { downloadPlugin } from "./official-download";
import type { PulumiPlugin } from "./pulumi-install";
import { PACKAGE_ROOT, packageVersion, PROVIDERS, type ProviderName } from "./versions";

export interface PluginSources {
  readonly binary: string;
  readonly home: string;
  /** Look among the user's plugins first. */
  readonly useInstalled: boolean;
  readonly useDownload: boolean;
}

/** Puts every provider plugin that our programs need into `home`: the user's, the official download, or the stand-in. */
export async function ensurePlugins(sources: PluginSources, progress: Progress): Promise<PulumiPlugin[]> {
  const plugins: PulumiPlugin[] = [];
  for (const name of PROVIDERS) plugins.push(await ensurePlugin(name, sources, progress));
  return plugins;
}

async function ensurePlugin(name: ProviderName, sources: PluginSources, progress: Progress): Promise<PulumiPlugin> {
  const version = packageVersion(`@pulumi/${name}`);
  const folder = path.join(sources.home, "plugins", `resource-${name}-v${version}`);
  const executable = path.join(folder, `pulumi-resource-${name}`);
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(path.dirname(folder), { recursive: true });
  if (sources.useInstalled && (await linkInstalled(path.basename(folder), name, folder))) {
    return { name, version, origin: "yours" };
  }
  if (sources.useDownload && (await downloadPlugin(sources.binary, sources.home, name, version, progress))) {
    return { name, version, origin: "official download" };
  }
  await fs.mkdir(folder, { recursive: true });
  await writeLauncher(executable, path.join(PACKAGE_ROOT, "dist", "providers", "main.js"), [name, version]);
  return { name, version, origin: "offline stand-in" };
}

/** A link, not a copy: the user's plugin stays theirs, and official ones are 100 MB. */
async function linkInstalled(folderName: string, name: string, target: string): Promise<boolean> {
  const home = process.env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");
  const source = path.join(home, "plugins", folderName);
  if (!(await isExecutable(path.join(source, `pulumi-resource-${name}`)))) return false;
  await fs.symlink(source, target, "dir");
  return true;
}

/** A plugin is an executable file; ours is three lines of shell that become the Node.js program, so that signals reach it. */
export async function writeLauncher(file: string, script: string, args: string[]): Promise<void> {
  const words = [process.execPath, script, ...args].map(shellWord).join(" ");
  await fs.writeFile(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}

function shellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
