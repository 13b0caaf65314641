import type { KubernetesForTests } from "../kubernetes-cluster";
import type { End, NetworkPolicy, World } from "../network-policy";

interface Metadata {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}
interface Items<T> {
  items: ({ metadata: Metadata } & T)[];
}
export interface Pod {
  metadata: Metadata;
  status: { podIP?: string };
  spec: { hostNetwork?: boolean; containers: { ports?: { name?: string; containerPort: number }[] }[] };
}
interface Service {
  spec: { clusterIP: string; ports: { port: number }[] };
}
interface Endpoints {
  subsets?: { addresses?: { ip: string }[]; ports: { port: number }[] }[];
}

/** Policies, namespaces and pods, read from the API server. */
export interface NetworkWorld extends World {
  pods: End[];
  apiServer: End;
  apiServerPort: number;
  /** Resolves an address and port of the API server's Service to its endpoint, because policies apply to endpoints. */
  behindService(address: string, port: number): string | undefined;
  /** Addresses of Services. */
  services: { namespace: string; address: string }[];
}

export async function readNetworkWorld(kubernetes: KubernetesForTests): Promise<NetworkWorld> {
  const all = <T>(kind: string) => kubernetes.get<Items<T>>([kind, "--all-namespaces"]);
  const [policies, namespaces, pods, services] = await Promise.all([
    all<Pick<NetworkPolicy, "spec">>("networkpolicies"),
    all<object>("namespaces"),
    all<Pod>("pods"),
    all<Service>("services"),
  ]);
  const { subsets } = await kubernetes.get<Endpoints>(["endpoints", "kubernetes", "-n", "default"]);
  const ip = subsets![0].addresses![0].ip;
  const service = services.items.find(
    ({ metadata }) => metadata.namespace === "default" && metadata.name === "kubernetes",
  )!;
  return {
    policies: policies.items,
    namespaces: {
      // Two namespaces that might exist, with the label that the API server gives each.
      ...Object.fromEntries(["shops", "elsewhere"].map((name) => [name, { "kubernetes.io/metadata.name": name }])),
      ...Object.fromEntries(namespaces.items.map(({ metadata }) => [metadata.name, metadata.labels ?? {}])),
    },
    pods: pods.items.filter(({ status }) => status.podIP !== undefined).map(endOf),
    apiServer: { name: "API server", address: ip },
    apiServerPort: subsets![0].ports[0].port,
    behindService: (address, port) =>
      address === service.spec.clusterIP && service.spec.ports.some((one) => one.port === port) ? ip : undefined,
    services: services.items.map(({ metadata, spec }) => ({ namespace: metadata.namespace, address: spec.clusterIP })),
  };
}

export function endOf({ metadata, status, spec }: Pod): End {
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    labels: metadata.labels,
    address: status.podIP!,
    namedPorts: Object.fromEntries(ports.flatMap(({ name, containerPort }) => (name ? [[name, containerPort]] : []))),
  };
}
