import { ensureKubernetes, ensurePulumi, kubectl, type Kubernetes } from "@pgharbor/toolchain";
import { inNamespace } from "./test-namespace";

/** The Kubernetes for tests: the toolchain's own node, brought up unless it runs, and never a user's context. */
export interface KubernetesForTests extends Kubernetes {
  /** A failure throws kubectl's output. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** One object, or a list of them, as JSON. */
  get<T>(args: readonly string[]): Promise<T>;
  /** A namespace's pods: each uid with its containers' restarts. Unchanged if nothing was replaced or restarted. */
  lives(namespace: string): Promise<Record<string, string>>;
  /**
   * The existing objects of a cluster in a namespace, by kind and name: all kinds that pgharbor or Patroni create,
   * except pods.
   */
  left(namespace: string, names: RegExp): Promise<string[]>;
  /**
   * Addresses of a namespace's Services, by the names that pods use. The node is this machine, which can connect to the
   * addresses as pods do, but does not resolve the names.
   */
  serviceAddresses(namespace: string): Promise<Record<string, string>>;
  /** Runs `work` with a namespace `<prefix>-<random>`, which is deleted with everything in it before this returns. */
  withNamespace<T>(
    prefix: string,
    work: (namespace: string) => Promise<T>,
    labels?: Readonly<Record<string, string>>,
  ): Promise<T>;
}

const KINDS_OF_A_CLUSTER = [
  ...["configmaps", "secrets", "persistentvolumeclaims", "services", "endpointslices", "statefulsets", "deployments"],
  ...["networkpolicies", "poddisruptionbudgets", "serviceaccounts", "roles", "rolebindings"],
].join(",");

interface PodList {
  items: { metadata: { name: string; uid: string }; status: { containerStatuses?: { restartCount: number }[] } }[];
}
interface ServiceList {
  items: { metadata: { name: string }; spec: { clusterIP: string } }[];
}

/** The label that makes a namespace refuse pods that violate this Pod Security level. */
export const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" } as const;

export async function kubernetesForTests(): Promise<KubernetesForTests> {
  const progress = (line: string) => void process.stderr.write(`kubernetes: ${line}\n`);
  const kubernetes = await ensureKubernetes(progress);
  // Sets Pulumi up with the kubernetes plugin, which the tests' programs need.
  await ensurePulumi(progress, { kubernetes: true });
  const run = (args: readonly string[], stdin?: string) => kubectl(kubernetes, args, stdin);
  const get = async <T>(args: readonly string[]) => JSON.parse(await run(["get", ...args, "-o", "json"])) as T;
  return {
    ...kubernetes,
    kubectl: run,
    get,
    lives: async (namespace) => {
      const { items } = await get<PodList>(["pods", "-n", namespace]);
      const restarts = (pod: PodList["items"][0]) =>
        (pod.status.containerStatuses ?? []).map((container) => container.restartCount);
      return Object.fromEntries(
        items.map((pod) => [pod.metadata.name, [pod.metadata.uid, ...restarts(pod)].join(" ")]),
      );
    },
    left: async (namespace, names) => {
      const found = await run(["-n", namespace, "get", KINDS_OF_A_CLUSTER, "-o", "name"]);
      return found.split("\n").filter((name) => names.test(name));
    },
    serviceAddresses: async (namespace) => {
      const { items } = await get<ServiceList>(["services", "-n", namespace]);
      const host = (name: string) => `${name}.${namespace}.svc.cluster.local`;
      return Object.fromEntries(items.map(({ metadata, spec }) => [host(metadata.name), spec.clusterIP]));
    },
    withNamespace: async (prefix, work, labels = {}) => {
      const namespace = await inNamespace({ kubectl: run }, prefix, labels);
      try {
        return await work(namespace.name);
      } finally {
        await namespace.remove();
      }
    },
  };
}
