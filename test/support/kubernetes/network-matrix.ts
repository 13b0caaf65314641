import { isAllowed, portsToAsk, type End, type Protocol } from "../network-policy";
import type { NetworkWorld } from "./network-world";

/** The parties of a connection: the running pods of the cluster, and other pods and hosts that might exist. */
export function endsOf(world: NetworkWorld, namespace: string): Record<string, End[]> {
  const ours = world.pods.filter((pod) => pod.namespace === namespace);
  const withLabels = (labels: Record<string, string>) =>
    ours.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels?.[key] === value));
  const possible = (name: string, address: string, of?: string, labels: Record<string, string> = {}): End[] => [
    { name, address, namespace: of, labels },
  ];
  const others = { "pgharbor.cluster": "other", "pgharbor.role": "member" };
  return {
    member: withLabels({ "pgharbor.role": "member" }),
    gateway: withLabels({ "pgharbor.gateway": "shop-gateway" }),
    "audit's gateway": withLabels({ "pgharbor.gateway": "shop-audit-gateway" }),
    "supporting service": withLabels({ "pgharbor.role": "supporting-service" }),
    DNS: world.pods.filter((pod) => pod.namespace === "kube-system" && pod.labels?.["k8s-app"] === "kube-dns"),
    "API server": [world.apiServer],
    "any pod beside": possible("any", "10.244.7.1", namespace),
    monitoring: possible("prometheus", "10.244.7.6", namespace, { app: "prometheus" }),
    "web pod beside": possible("web", "10.244.7.2", namespace, { app: "web" }),
    "another cluster's member": possible("other-m1-0", "10.244.7.3", namespace, others),
    "pod of namespace shops": possible("shops", "10.244.7.4", "shops", { app: "web" }),
    "pod elsewhere": possible("elsewhere", "10.244.7.5", "elsewhere", { app: "web" }),
    "known address": possible("known", "192.0.2.7"),
    internet: possible("internet", "203.0.113.9"),
  };
}

/** Ports on which our programs listen, common ports of others, some more, and the limits that policies name. */
const PORTS = [
  ...[22, 53, 80, 443, 2379, 5353, 5432, 5433, 5434, 5435, 5436, 5438, 6432, 6433, 6443, 6532, 7000, 7001],
  ...[8008, 8080, 9630, 10250],
];

/** Returns the ports to check: the list above, and those where the policies' answer may change. */
export function portsOf(world: NetworkWorld, namespace: string): number[] {
  const drawn = portsToAsk(world, namespace, Object.values(endsOf(world, namespace)).flat());
  return [...new Set([...PORTS, ...drawn])].sort((a, b) => a - b);
}

/**
 * Returns every connection of a protocol that the policies allow, as `from → to: ports`, with an end in the cluster.
 */
export function matrixOf(world: NetworkWorld, namespace: string, protocol: Protocol = "TCP"): string[] {
  const all = Object.entries(endsOf(world, namespace));
  const ports = portsOf(world, namespace);
  const lines: string[] = [];
  for (const [fromName, from] of all)
    for (const [toName, to] of all) {
      const pairs = from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b] as const));
      const isOurs = [...from, ...to].some(
        (end) => end.namespace === namespace && end.labels?.["pgharbor.cluster"] === "shop",
      );
      if (!isOurs || pairs.length === 0) continue;
      const open = ports.filter((port) => pairs.every(([a, b]) => isAllowed(world, a, b, { port, protocol })));
      // The policies must give the same answer for every pod of a party.
      expect(ports.filter((port) => pairs.some(([a, b]) => isAllowed(world, a, b, { port, protocol })))).toEqual(open);
      if (open.length > 0) lines.push(`${fromName} → ${toName}: ${open.join(", ")}`);
    }
  return lines.sort();
}

/** Merges the lines of a matrix that have the same two ends. */
export function lines(...expected: string[]): string[] {
  const all = new Map<string, Set<number>>();
  for (const line of expected) {
    const [ends = "", ports = ""] = line.split(": ");
    all.set(ends, new Set([...(all.get(ends) ?? []), ...ports.split(", ").map(Number)]));
  }
  const sorted = (ports: Set<number>) => [...ports].sort((a, b) => a - b).join(", ");
  return [...all].map(([ends, ports]) => `${ends}: ${sorted(ports)}`).sort();
}
