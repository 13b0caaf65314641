import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesForTests } from "../support/kubernetes-cluster";
import { isAllowed } from "../support/network-policy";
import { firstProcessOf } from "./container-processes";
import { endsOf } from "./network-matrix";
import type { NetworkWorld } from "./network-world";
import { connectionsOf, type Connection } from "./pod-connections";

interface PodList {
  items: { status: { containerStatuses: { containerID: string }[] } }[];
}

/** Who speaks to whom while something happens, as the kernel sees it, and which of that the policies would refuse. */
export async function observed(
  world: NetworkWorld,
  {
    kubernetes,
    namespace,
    event,
  }: { kubernetes: KubernetesForTests; namespace: string; event: () => Promise<unknown> },
): Promise<{ lines: string[]; refused: string[] }> {
  const pids = await podProcesses(kubernetes, namespace);
  let isOver = false;
  const over = event().finally(() => (isOver = true));
  // Judged afterwards, since the hooks' connections live for milliseconds.
  const seen = new Map<string, Connection>();
  while (!isOver) {
    for (const connection of pids.flatMap(connectionsOf)) seen.set(JSON.stringify(connection), connection);
    await sleep(2);
  }
  await over;
  const judge = judgeOf(world, namespace);
  const [lines, refused] = [new Set<string>(), new Set<string>()];
  for (const connection of seen.values()) {
    const { line, isRefused } = judge(connection);
    if (line !== undefined) (isRefused ? refused : lines).add(line);
  }
  return { lines: [...lines], refused: [...refused] };
}

function judgeOf(world: NetworkWorld, namespace: string) {
  // A node may always reach its own pods: probes, and commands of kubectl.
  const node = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const all = Object.entries(endsOf(world, namespace)).flatMap(([name, list]) => list.map((end) => ({ name, end })));
  return ({ from, to }: Connection): { line?: string; isRefused?: boolean } => {
    if (node.includes(from.address)) return {};
    const behind = world.behindService(to.address, to.port);
    const target = behind === undefined ? to : { address: behind, port: world.apiServerPort };
    const [a, b] = [from, target].map(({ address }) => all.find(({ end }) => end.address === address));
    const line = `${a?.name ?? from.address} → ${b?.name ?? target.address}: ${target.port}`;
    return { line, isRefused: !a || !b || !isAllowed(world, a.end, b.end, { port: target.port }) };
  };
}

/** A process of each pod: any of them sees the pod's network. */
async function podProcesses(kubernetes: KubernetesForTests, namespace: string): Promise<number[]> {
  const pods = await kubernetes.get<PodList>(["pods", "-n", namespace, "-l", "pgharbor.cluster=shop"]);
  const ids = pods.items.map(({ status }) => status.containerStatuses[0]!.containerID.replace(/^.*:\/\//, ""));
  return ids.map((id) => firstProcessOf(id));
}
