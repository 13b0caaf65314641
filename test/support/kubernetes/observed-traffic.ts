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

/** Who speaks to whom while something happens, as the kernel sees it, and which of that the policies would refuse. */
export async function observed(
  world: NetworkWorld,
  { event, ...where }: Where & { event: () => Promise<unknown> },
): Promise<{ lines: string[]; refused: string[] }> {
  const pods = new SeenPods(where, world.pods);
  await pods.look();
  let isOver = false;
  const over = event().finally(() => (isOver = true));
  const looks = async () => {
    for (; !isOver; await sleep(500)) await pods.look();
  };
  // Judged afterwards, since the hooks' connections live for milliseconds.
  const seen = new Map<string, Connection>();
  const watch = async () => {
    for (; !isOver; await sleep(2))
      for (const connection of pods.connections()) seen.set(JSON.stringify(connection), connection);
  };
  await Promise.all([over, looks(), watch()]);
  const judge = judgeOf({ ...world, pods: pods.ends() }, where.namespace);
  const [lines, refused] = [new Set<string>(), new Set<string>()];
  for (const connection of seen.values()) {
    const { line, isRefused } = judge(connection);
    if (line !== undefined) (isRefused ? refused : lines).add(line);
  }
  return { lines: [...lines], refused: [...refused] };
}

/** The pods of a cluster as they come and go. */
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

  /** Every pod that had an address: what is over a while ago is judged by who it was. */
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

/** A process of a pod's container: any of them sees the pod's network. None: it has ended since. */
function processOf(containerId: string): number | undefined {
  try {
    return firstProcessOf(containerId);
  } catch {
    return undefined;
  }
}

function judgeOf(world: NetworkWorld, namespace: string) {
  // A node may always reach its own pods: probes, and commands of kubectl.
  const node = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const all = Object.entries(endsOf(world, namespace)).flatMap(([name, list]) => list.map((end) => ({ name, end })));
  return ({ from, to }: Connection): { line?: string; isRefused?: boolean } => {
    if (node.includes(from.address)) return {};
    // To a Service of ours: the pod that answers shows who it is.
    if (world.services.some((one) => one.namespace === namespace && one.address === to.address)) return {};
    const behind = world.behindService(to.address, to.port);
    const target = behind === undefined ? to : { address: behind, port: world.apiServerPort };
    const [a, b] = [from, target].map(({ address }) => all.find(({ end }) => end.address === address));
    const line = `${a?.name ?? from.address} → ${b?.name ?? target.address}: ${target.port}`;
    return { line, isRefused: !a || !b || !isAllowed(world, a.end, b.end, { port: target.port }) };
  };
}
