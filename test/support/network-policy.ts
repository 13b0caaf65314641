import { BlockList, isIPv6 } from "node:net";

/**
 * Evaluates NetworkPolicies as Kubernetes defines them
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/). Used on clusters where no network plugin
 * enforces them.
 */
type Labels = Readonly<Record<string, string>>;

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Port {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}
type Ports = { ports?: Port[] };

export interface NetworkPolicy {
  metadata: { name: string; namespace: string };
  spec: {
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: (Ports & { from?: Peer[] })[];
    egress?: (Ports & { to?: Peer[] })[];
  };
}

/** One end of a connection. Without a namespace it is not a pod but a node or an external host. */
export interface End {
  name: string;
  address: string;
  namespace?: string;
  labels?: Labels;
  /** Named ports of the pod's containers, for policies that use names. */
  namedPorts?: Readonly<Record<string, number>>;
}

export interface World {
  policies: readonly NetworkPolicy[];
  /** Labels of each namespace. */
  namespaces: Readonly<Record<string, Labels>>;
}

/** The protocols that policies know. */
export const PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Target {
  port: number;
  protocol?: Protocol;
}

/** True if `from` may connect to `to`. The policies of both must allow it. */
export function isAllowed(world: World, from: End, to: End, target: Target): boolean {
  return letsOut(world, from, to, target) && letsIn(world, from, to, target);
}

export function letsOut(world: World, from: End, to: End, target: Target): boolean {
  const policies = policiesOf(world, from, "Egress");
  return (
    policies.length === 0 ||
    policies.some((policy) =>
      (policy.spec.egress ?? []).some((rule) => hasPort(rule.ports, to, target) && hasPeer(world, policy, rule.to, to)),
    )
  );
}

export function letsIn(world: World, from: End, to: End, target: Target): boolean {
  const policies = policiesOf(world, to, "Ingress");
  return (
    policies.length === 0 ||
    policies.some((policy) =>
      (policy.spec.ingress ?? []).some(
        (rule) => hasPort(rule.ports, to, target) && hasPeer(world, policy, rule.from, from),
      ),
    )
  );
}

/** Returns the policies that isolate a pod in a direction. Without any, everything is allowed in that direction. */
const policiesOf = (world: World, end: End, direction: "Ingress" | "Egress"): NetworkPolicy[] =>
  world.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === end.namespace &&
      selects(spec.podSelector ?? {}, end.labels ?? {}) &&
      (spec.policyTypes ?? ["Ingress", ...(spec.egress === undefined ? [] : ["Egress"])]).includes(direction),
  );

/** A missing or empty list matches everyone. */
const hasPeer = (world: World, policy: NetworkPolicy, peers: Peer[] | undefined, end: End): boolean =>
  peers === undefined || peers.length === 0 || peers.some((peer) => isPeer(world, policy, peer, end));

function isPeer(world: World, policy: NetworkPolicy, peer: Peer, end: End): boolean {
  if (peer.ipBlock !== undefined) {
    const { cidr, except = [] } = peer.ipBlock;
    return contains(cidr, end.address) && !except.some((one) => contains(one, end.address));
  }
  if (end.namespace === undefined) return false;
  const isThere =
    peer.namespaceSelector === undefined
      ? end.namespace === policy.metadata.namespace
      : selects(peer.namespaceSelector, world.namespaces[end.namespace] ?? {});
  return isThere && selects(peer.podSelector ?? {}, end.labels ?? {});
}

/**
 * Ports where the answer for one of the ends may change: those that a namespace's policies name, and their neighbours.
 * If the answer is the same at all of these, it is the same at every port.
 */
export function portsToAsk(world: World, namespace: string, ends: readonly End[]): number[] {
  const rules = world.policies
    .filter(({ metadata }) => metadata.namespace === namespace)
    .flatMap(({ spec }) => [...(spec.ingress ?? []), ...(spec.egress ?? [])]);
  const named = rules
    .flatMap((rule) => rule.ports ?? [])
    .flatMap(({ port, endPort }) => {
      const first = typeof port === "string" ? ends.map((end) => end.namedPorts?.[port]) : [port];
      return [...first, endPort].filter((one) => one !== undefined);
    });
  const all = [1, ...named.flatMap((port) => [port - 1, port, port + 1]), 65535];
  return [...new Set(all.filter((port) => port >= 1 && port <= 65535))].sort((a, b) => a - b);
}

const hasPort = (ports: Port[] | undefined, to: End, target: Target): boolean =>
  ports === undefined || ports.length === 0 || ports.some((port) => isPort(port, to, target));

function isPort({ protocol = "TCP", port, endPort }: Port, to: End, target: Target): boolean {
  if (protocol !== (target.protocol ?? "TCP")) return false;
  if (port === undefined) return true;
  const first = typeof port === "string" ? to.namedPorts?.[port] : port;
  return first !== undefined && target.port >= first && target.port <= (endPort ?? first);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const has = (key: string) => Object.hasOwn(labels, key);
  return (
    Object.entries(matchLabels).every(([key, value]) => has(key) && labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const isOneOf = has(key) && values.includes(labels[key]);
      return { In: isOneOf, NotIn: !isOneOf, Exists: has(key), DoesNotExist: !has(key) }[operator];
    })
  );
}

function contains(cidr: string, address: string): boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  const family = (ip: string) => (isIPv6(ip) ? "ipv6" : "ipv4");
  if (family(network) !== family(address)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), family(network));
  return block.check(address, family(address));
}
