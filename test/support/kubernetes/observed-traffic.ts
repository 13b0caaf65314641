import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesForTests } from "../kubernetes-cluster";
import { isAllowed, type End } from "../network-policy";
import { firstProcessOf } from "./container-processes";
import { endsOf } from "./network-matrix";
import { endOf, type NetworkWorld, type Pod } from "./network-world";
import { connectionsOf, type Connection } from "./pod-connections";

type RunningPod = Pod & { status: { containerStatuses?: { containerID?: string; state: { running?: object } }[] } };

interface Where {
  kubernetes: KubernetesForTests;
  namespace: string;
}

/**
 * Records the connections during an event, as the kernel reports them, and finds those that the policies would refuse.
 */
export async function observed(
  world: NetworkWorld,
  { event, ...where }: Where & { event: () => Promise<unknown> },
): Promise<{ lines: string[]; refused: string[] }> {
  const pods = new SeenPods(where, world.pods);
  await pods.look();
  let isOver = false;
  const finished = event().finally(() => (isOver = true));
  const poll = async () => {
    for (; !isOver; await sleep(500)) await pods.look();
  };
  // Connections are judged afterwards, because those of hooks last only milliseconds.
  const seen = new Map<string, Connection>();
  const watch = async () => {
    for (; !isOver; await sleep(2))
      for (const connection of pods.connections()) seen.set(JSON.stringify(connection), connection);
  };
  await Promise.all([finished, poll(), watch()]);
  const judge = judgeOf({ ...world, pods: pods.ends() }, where.namespace);
  const [lines, refused] = [new Set<string>(), new Set<string>()];
  for (const connection of seen.values()) {
    const { line, isRefused } = judge(connection);
    if (line !== undefined) (isRefused ? refused : lines).add(line);
  }
  return { lines: [...lines], refused: [...refused] };
}

/** The pods of a cluster, including those created or deleted meanwhile. */
class SeenPods {
  private readonly known = new Map<string, End>();
  private pids = new Map<string, number>();
  private readonly listened = new Map<number, Set<number>>();

  constructor(
    private readonly where: Where,
    pods: readonly End[],
  ) {
    for (const pod of pods) this.known.set(pod.address, pod);
  }

  /** Every pod that had an address: an older connection is judged by the pod that had the address then. */
  ends = (): End[] => [...this.known.values()];

  connections = (): Connection[] =>
    [...this.pids.values()].flatMap((pid) => {
      const listened = this.listened.get(pid) ?? new Set();
      this.listened.set(pid, listened);
      return connectionsOf(pid, listened);
    });

  async look(): Promise<void> {
    const { kubernetes, namespace } = this.where;
    const selector = ["pods", "-n", namespace, "-l", "pgharbor.cluster=shop"];
    const { items } = await kubernetes.get<{ items: RunningPod[] }>(selector);
    const pids = new Map<string, number>();
    for (const pod of items) {
      if (pod.status.podIP !== undefined) this.known.set(pod.status.podIP, endOf(pod));
      const running = pod.status.containerStatuses?.find(({ state }) => state.running !== undefined);
      const id = running?.containerID?.replace(/^.*:\/\//, "");
      const pid = id && (this.pids.get(id) ?? processOf(id));
      if (id && pid) pids.set(id, pid);
    }
    this.pids = pids;
  }
}

/** A process of one of the pod's containers; any process sees the pod's network. None: all have ended. */
function processOf(containerId: string): number | undefined {
  try {
    return firstProcessOf(containerId);
  } catch {
    return undefined;
  }
}

function judgeOf(world: NetworkWorld, namespace: string) {
  // A node may always connect to its own pods, for probes and kubectl commands.
  const node = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const all = Object.entries(endsOf(world, namespace)).flatMap(([name, list]) => list.map((end) => ({ name, end })));
  return ({ from, to }: Connection): { line?: string; isRefused?: boolean } => {
    if (node.includes(from.address)) return {};
    // The target is one of our Services; the answering pod shows which.
    if (world.services.some((one) => one.namespace === namespace && one.address === to.address)) return {};
    const behind = world.behindService(to.address, to.port);
    const target = behind === undefined ? to : { address: behind, port: world.apiServerPort };
    const [a, b] = [from, target].map(({ address }) => all.find(({ end }) => end.address === address));
    const line = `${a?.name ?? from.address} → ${b?.name ?? target.address}: ${target.port}`;
    return { line, isRefused: !a || !b || !isAllowed(world, a.end, b.end, { port: target.port }) };
  };
}
