import type { PatroniMember } from "./docker-cluster";
import type { KubernetesForTests } from "./kubernetes-cluster";
import type { SampledMember } from "./member-sampler";

interface Pod {
  metadata: { name: string; uid: string; creationTimestamp: string; deletionTimestamp?: string };
  status: {
    podIP?: string;
    conditions: { type: string; lastTransitionTime: string }[];
    containerStatuses?: { name: string; containerID?: string; restartCount: number; ready: boolean }[];
  };
}

/** Queries about the members' pods of one cluster. */
export class KubernetesMembers {
  constructor(
    private readonly kubernetes: KubernetesForTests,
    readonly namespace: string,
    readonly cluster: string,
  ) {}

  kubectl = (...args: string[]): Promise<string> => this.kubernetes.kubectl(["-n", this.namespace, ...args]);

  async pods(role = "member"): Promise<Pod[]> {
    const selector = `pgharbor.cluster=${this.cluster},pgharbor.role=${role}`;
    return (await this.kubernetes.get<{ items: Pod[] }>(["pods", "-n", this.namespace, "-l", selector])).items;
  }

  /** Runs a program in a member. A failure throws the program's output. */
  exec = (pod: string, ...command: string[]): Promise<string> =>
    this.kubectl("exec", pod, "-c", "patroni", "--", ...command);

  /** The members as Patroni sees them. */
  async members(): Promise<PatroniMember[]> {
    const running = (await this.pods()).find((pod) => patroniOf(pod)?.ready && !pod.metadata.deletionTimestamp);
    if (running === undefined) throw new Error(`no member of ${this.cluster} is ready`);
    return JSON.parse(await this.exec(running.metadata.name, "patronictl", "list", "-f", "json")) as PatroniMember[];
  }

  /** Returns the pod of the primary. */
  async leader(): Promise<string> {
    const leader = (await this.members()).find((m) => m.Role === "Leader");
    if (leader === undefined) throw new Error(`${this.cluster} has no leader`);
    return leader.Member;
  }

  /** Changes only when a pod is replaced or its Patroni restarted. */
  async lives(role = "member"): Promise<Record<string, string>> {
    const life = (pod: Pod) => [pod.metadata.uid, ...(pod.status.containerStatuses ?? []).map((c) => c.containerID)];
    return Object.fromEntries((await this.pods(role)).map((pod) => [pod.metadata.name, life(pod).join(" ")]));
  }

  /** The pods' own addresses. */
  async addresses(): Promise<SampledMember[]> {
    const dns = (pod: Pod) => `${pod.metadata.name}.${this.cluster}-members`;
    return (await this.pods()).map((pod) => ({ name: dns(pod), address: pod.status.podIP! }));
  }

  uidOf = (pod: string): Promise<string> => this.kubectl("get", "pod", pod, "-o", "jsonpath={.metadata.uid}");

  /** The container runtime's id of a member's Patroni container. */
  async containerId(pod: string): Promise<string> {
    const found = (await this.pods()).find((one) => one.metadata.name === pod);
    const id = found && patroniOf(found)?.containerID;
    if (!id) throw new Error(`${pod} has no container patroni`);
    return id.replace(/^.*:\/\//, "");
  }
}

const patroniOf = (pod: Pod) => pod.status.containerStatuses?.find((status) => status.name === "patroni");
