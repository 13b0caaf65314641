import { PROCESSES } from "../support/contract/contract-platform";
import { quickstartContract } from "../support/contract/quickstart-contract";
import { kubernetesForTests, RESTRICTED } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { inNamespace } from "../support/test-namespace";

jest.setTimeout(900_000);

const NAME = "shop";
const KINDS = [
  ...["pods", "statefulsets", "deployments", "configmaps", "services", "endpointslices", "persistentvolumeclaims"],
  ...["networkpolicies", "poddisruptionbudgets", "serviceaccounts", "roles", "rolebindings", "events"],
];

quickstartContract(async () => {
  const kubernetes = await kubernetesForTests();
  const namespace = await inNamespace(kubernetes, "contract", RESTRICTED);
  const members = new KubernetesMembers(kubernetes, namespace.name, NAME);
  const host = (service: string) => `${NAME}-${service}.${namespace.name}.svc.cluster.local`;
  return {
    config: { platform: "kubernetes", "kubernetes:namespace": namespace.name },
    env: { KUBECONFIG: kubernetes.kubeconfig },
    host,
    addresses: () => kubernetes.serviceAddresses(namespace.name),
    members: () => members.members(),
    leaderAddress: async () => {
      const leader = await members.leader();
      return (await members.pods()).find((pod) => pod.metadata.name === leader)!.status.podIP!;
    },
    lives: async () => ({ ...(await members.lives()), ...(await members.lives("gateway")) }),
    readable: async () => {
      const readable: Record<string, string> = { objects: await members.kubectl("get", KINDS.join(","), "-o", "yaml") };
      for (const pod of [...(await members.pods()), ...(await members.pods("gateway"))]) {
        const { name } = pod.metadata;
        readable[`logs of ${name}`] = await members.kubectl("logs", name, "--all-containers");
        for (const container of pod.status.containerStatuses!) {
          const command = ["exec", name, "-c", container.name, "--", "sh", "-c", PROCESSES];
          readable[`processes of ${name}/${container.name}`] = await members.kubectl(...command);
        }
      }
      return readable;
    },
    remains: () => kubernetes.left(namespace.name, new RegExp(`/${NAME}`)),
    remove: () => namespace.remove(),
  };
});
