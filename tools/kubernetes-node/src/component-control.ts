import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ClusterFolders, clusterFolders } from "./cluster-folders";
import { pidOf, startProcess, stopProcess } from "./machine/processes";
import { type CommandLine, type ComponentName, COMPONENTS } from "./node/components";

type Commands = Readonly<Record<ComponentName, CommandLine>>;

/** Recorded when the cluster comes up, so that a component restarts with the same command line. */
export async function recordCommands(folders: ClusterFolders, commands: Commands): Promise<void> {
  await writeFile(recordOf(folders), JSON.stringify(commands, undefined, 2));
}

export async function recordedCommands(folders: ClusterFolders): Promise<Commands | undefined> {
  const text = await readFile(recordOf(folders), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Commands);
}

/** Stops one component of the cluster brought up here, for fault tests. Pods continue to run. */
export async function stopComponent(
  name: ComponentName,
  signal: NodeJS.Signals = "SIGTERM",
  folders = clusterFolders(),
): Promise<void> {
  await stopProcess(folders, name, signal);
}

/** Starts the component again if it is stopped. */
export async function startComponent(name: ComponentName, folders = clusterFolders()): Promise<void> {
  if (pidOf(folders, name) !== undefined) return;
  const command = (await recordedCommands(folders))?.[name];
  if (command === undefined) throw new Error(`Kubernetes: cannot start ${name}: no cluster was brought up here`);
  await startProcess(folders, name, command);
}

/** Process ids of running components. */
export function runningComponents(folders = clusterFolders()): Partial<Record<ComponentName, number>> {
  const running = COMPONENTS.map((name) => [name, pidOf(folders, name)] as const);
  return Object.fromEntries(running.filter(([, pid]) => pid !== undefined));
}

function recordOf(folders: ClusterFolders): string {
  return join(folders.records, "commands.json");
}
