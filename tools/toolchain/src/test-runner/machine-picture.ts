import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "@pgharbor/build-cache";
import { commandLines, kubernetesCache } from "@pgharbor/kubernetes-node";

/** The state of a machine that Kubernetes could change, by aspect. */
export type MachinePicture = Readonly<Record<string, readonly string[]>>;

const SETTINGS = ["vm", "kernel", "net"];
/** Settings that are counters, or that the kernel changes by itself. */
const MOVING =
  /^kernel\/(random\/|ns_last_pid|pty\/nr|perf_event|hung_task_(detect_count|warnings)|tainted)|^net\/ipv4\/(fib_multipath_hash_seed|tcp_(fastopen_key|available))|^net\/netfilter\/nf_conntrack_(count|buckets)|\/(stat|flush)|stable_secret$/;
/** Folders in which a node's programs create folders. */
const FOLDERS = ["/etc", "/opt", "/run", "/run/containerd", "/run/netns", "/var/lib", "/var/log", "/usr/libexec"];
const HIERARCHIES = "/sys/fs/cgroup";
/** Docker adds and removes these with its containers. */
const DOCKERS = /docker|\bbr-[0-9a-f]{12}\b/i;
/** Docker's rule that lets a container connect to its own published port. */
const HAIRPIN = /-s (\S+) -d \1 .*-j MASQUERADE$/;

/** Two pictures, taken before Kubernetes comes up and after it is taken down, must be equal. */
export async function takePicture(): Promise<MachinePicture> {
  const listed = async (program: string, ...args: string[]) => linesOf((await runCommand(program, args)).stdout);
  const rules = async (program: string) => {
    const tables = await Promise.all(
      ["filter", "nat", "mangle", "raw"].map(async (table) =>
        (await listed(program, "-w", "-t", table, "-S")).map((rule) => `${table} ${rule}`),
      ),
    );
    // The kernel creates a table when it is first listed, so a table that contains only policies is ignored.
    return tables.flat().filter((rule) => !/^\w+ -P \w+ ACCEPT$/.test(rule) && !HAIRPIN.test(rule));
  };
  const links = (await runCommand("ip", ["-o", "link"])).stdout.split("\n").filter((line) => line !== "");
  const nameOf = (link: string) => /^\d+: ([^:@]+)/.exec(link)![1]!;
  const dockers = links.filter((link) => DOCKERS.test(link)).map(nameOf);
  const others = (lines: string[]) => lines.filter((line) => !line.split(/\s+/).some((word) => dockers.includes(word)));
  const mounts = linesOf(await readFile("/proc/self/mounts", "utf8"));
  return {
    links: links.filter((link) => !DOCKERS.test(link)).map(nameOf),
    addresses: others(await listed("ip", "-o", "addr")).map((line) => line.split(/\s+/).slice(1, 4).join(" ")),
    routes: [...others(await listed("ip", "route", "show", "table", "all")), ...(await listed("ip", "rule"))],
    iptables: await rules("iptables"),
    ip6tables: await rules("ip6tables"),
    mounts: mounts.map((line) => line.split(" ").slice(1, 3).join(" ")),
    cgroups: await foldersOf(HIERARCHIES, 2),
    folders: (await Promise.all(FOLDERS.map((folder) => foldersOf(folder, 1)))).flat(),
    settings: (await settingsBelow("/proc/sys", SETTINGS)).filter((line) => !MOVING.test(line)),
    processes: await programsBelow(kubernetesCache()),
  };
}

/** Returns one line for each entry that only one of the pictures contains. */
export function differences(before: MachinePicture, after: MachinePicture): string[] {
  return Object.keys({ ...before, ...after }).flatMap((aspect) => {
    const [was, is] = [new Set(before[aspect]), new Set(after[aspect])];
    return [
      ...[...is].filter((line) => !was.has(line)).map((line) => `${aspect}: there is now ${line}`),
      ...[...was].filter((line) => !is.has(line)).map((line) => `${aspect}: there is no more ${line}`),
    ];
  });
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !DOCKERS.test(line));
}

async function foldersOf(folder: string, levels: number): Promise<string[]> {
  if (levels === 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  const found = folders.filter((path) => !DOCKERS.test(path));
  return [...found, ...(await Promise.all(found.map((below) => foldersOf(below, levels - 1)))).flat()];
}

/**
 * Returns `name = value` for each readable kernel setting, except those of single network links, which exist only as
 * long as the link.
 */
async function settingsBelow(root: string, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    for (const entry of await readdir(join(root, name), { withFileTypes: true }).catch(() => [])) {
      const path = join(name, entry.name);
      if (entry.isDirectory() && /(conf|neigh)\/(?!all$|default$)/.test(path)) continue;
      if (entry.isDirectory()) found.push(...(await settingsBelow(root, [path])));
      else found.push(`${path} = ${(await readFile(join(root, path), "utf8").catch(() => "unreadable")).trim()}`);
    }
  }
  return found;
}

/** Returns the processes whose command line names the folder. */
async function programsBelow(folder: string): Promise<string[]> {
  const running = (await commandLines()).filter(({ words }) => words.some((word) => word.startsWith(`${folder}/`)));
  return running.map(({ words }) => words.slice(0, 3).join(" "));
}
