import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesMembers } from "../kubernetes-members";
import type { KubernetesForTests } from "../kubernetes-cluster";

/** A member's pod as the API server reported it at one moment. */
interface Seen {
  name: string;
  uid: string;
  isReady: boolean;
  isPrimary: boolean;
}

/** The changes of the members' pods during the watch. */
export interface WatchedMembers {
  /** The most members that were down at the same time, among those that existed both before and after. */
  mostAway: number;
  /** Members whose pod was replaced, in the order in which the new pods became ready. */
  replaced: string[];
  /** The leaders, in order of change. */
  primaries: string[];
}

const COLUMNS = [
  "NAME:.metadata.name",
  "UID:.metadata.uid",
  'READY:.status.conditions[?(@.type=="Ready")].status',
  "LEAVES:.metadata.deletionTimestamp",
  "ROLE:.metadata.labels.role",
].join(",");

/** Watches every change of the members' pods, so no change between two polls is missed. */
export class MemberWatch {
  private readonly seen: Seen[] = [];

  private constructor(
    private readonly members: KubernetesMembers,
    private readonly first: string[],
    private readonly child: ChildProcess,
  ) {
    createInterface({ input: child.stdout! }).on("line", (line) => this.take(line));
  }

  static async start(kubernetes: KubernetesForTests, members: KubernetesMembers): Promise<MemberWatch> {
    const first = await namesOf(members);
    const selector = `pgharbor.cluster=${members.cluster},pgharbor.role=member`;
    const pods = ["--context", kubernetes.context, "-n", members.namespace, "get", "pods", "-l", selector];
    const child = spawn("kubectl", [...pods, "--watch", "--no-headers", "-o", `custom-columns=${COLUMNS}`], {
      env: { ...process.env, KUBECONFIG: kubernetes.kubeconfig },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const watch = new MemberWatch(members, first, child);
    for (const deadline = Date.now() + 10_000; watch.seen.length < first.length;) {
      if (Date.now() > deadline) {
        watch.abandon();
        throw new Error(`kubectl shows ${watch.seen.length} of ${first.length} members`);
      }
      await sleep(50);
    }
    return watch;
  }

  /** Returns the changes once all existing members are ready. Throws if the watch ended before, or missed the end. */
  async stop(): Promise<WatchedMembers> {
    try {
      const last = await namesOf(this.members);
      const isReady = (name: string) => this.seen.filter((one) => one.name === name).at(-1)?.isReady;
      const notReady = () => last.filter((name) => isReady(name) !== true);
      for (const deadline = Date.now() + 30_000; notReady().length > 0; await sleep(100)) {
        this.expectRunning();
        if (Date.now() > deadline) throw new Error(`the watch has not seen that ${notReady().join(", ")} is ready`);
      }
      this.expectRunning();
      return summaryOf(
        this.seen,
        this.first.filter((name) => last.includes(name)),
      );
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    this.child.kill();
  }

  private expectRunning(): void {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`the watch of the members ended before it was to, with ${signalCode ?? `status ${exitCode}`}`);
  }

  private take(line: string): void {
    const [name, uid, ready, leaves, role] = line.trim().split(/\s+/);
    if (role === undefined) return;
    const stays = leaves === "<none>";
    this.seen.push({
      name: name,
      uid: uid,
      isReady: stays && ready === "True",
      isPrimary: stays && role === "primary",
    });
  }
}

const namesOf = async (members: KubernetesMembers): Promise<string[]> =>
  (await members.pods()).map((pod) => pod.metadata.name);

function summaryOf(seen: Seen[], staying: string[]): WatchedMembers {
  const summary: WatchedMembers = { mostAway: 0, replaced: [], primaries: [] };
  const uids = new Map<string, string>();
  const away = new Set<string>();
  for (const { name, uid, isReady, isPrimary } of seen) {
    if (isPrimary && summary.primaries.at(-1) !== name) summary.primaries.push(name);
    if (!uids.has(name)) uids.set(name, uid);
    if (isReady && uids.get(name) !== uid && !summary.replaced.includes(name)) summary.replaced.push(name);
    if (isReady || !staying.includes(name)) away.delete(name);
    else away.add(name);
    summary.mostAway = Math.max(summary.mostAway, away.size);
  }
  return summary;
}
