import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

/** Whatever is wrong: far below the ten minutes that Pulumi's own provider waits for pods. */
const BOUND_MS = 180_000;

const program = (cluster: object) => `
import { PostgresCluster } from "pgharbor";
const cluster = new PostgresCluster("shop", ${JSON.stringify({ deletionProtection: false, ...cluster }, null, 2)} as never);
export const status = cluster.status;
`;
const small = (kubernetes: object, more: object = {}) => program({ kubernetes, members: 1, gateways: 1, ...more });

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

/** What `up` of a program ends with, and in time. */
async function refusedUp(project: PulumiProject, text: string): Promise<string> {
  await project.write(text);
  const start = Date.now();
  const said = await project.up().then(
    () => "no error",
    (error: Error) => error.message,
  );
  process.stderr.write(`refused after ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  expect(Date.now() - start).toBeLessThan(BOUND_MS);
  return said;
}

async function goodUp(project: PulumiProject, text: string): Promise<void> {
  await project.write(text);
  await project.up();
  await project.expectNoChanges();
  await project.refresh("--expect-no-changes");
}

const quota = (hard: Record<string, string>) =>
  JSON.stringify({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "team" }, spec: { hard } });

test("what Kubernetes lacks is said at once, before anything is made; each correction goes on from there", () =>
  kubernetes.withNamespace(
    "v-bad",
    async (namespace) => {
      const env = { KUBECONFIG: kubernetes.kubeconfig };
      const project = await pulumiProject({ program: small({ namespace }), env });
      const setQuota = async (hard: Record<string, string>) => {
        await kubernetes.kubectl(["-n", namespace, "apply", "-f", "-"], quota(hard));
        // Until its controller has counted, a quota lets nothing in.
        await kubernetes.kubectl(["-n", namespace, "wait", "--for=jsonpath={.status.hard}", "resourcequota/team"]);
      };
      try {
        const missing = await refusedUp(
          project,
          small({
            namespace: `${namespace}-not-there`,
            storage: { storageClass: "fast" },
            scheduling: { priorityClass: "urgent" },
            imagePullSecrets: ["registry"],
          }),
        );
        for (const line of [
          `kubernetes.namespace: there is no such namespace, got "${namespace}-not-there" at https://`,
          `kubernetes.storage.storageClass: there is no such StorageClass, got "fast"; give one that exists: localdir (default), `,
          'kubernetes.scheduling.priorityClass: there is no such PriorityClass, got "urgent"; create it, or give one that exists: ',
          `kubernetes.imagePullSecrets[0]: there is no such Secret in namespace ${namespace}-not-there, got "registry"; create it`,
        ])
          expect(missing).toContain(line);
        expect((await project.resources()).filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);

        await setQuota({ "requests.memory": "256Mi", persistentvolumeclaims: "0", pods: "9" });
        const tooMuch = await refusedUp(project, small({ namespace }));
        expect(tooMuch).toContain(
          `resources.memory: does not fit the ResourceQuota team of namespace ${namespace} (requests.memory), got 496Mi more where 256Mi of 256Mi is left; raise the quota`,
        );
        expect(tooMuch).toContain(
          `members: does not fit the ResourceQuota team of namespace ${namespace} (persistentvolumeclaims), got 1 more where 0 of 0 is left`,
        );
        expect(tooMuch).not.toContain("(pods)");
        expect((await project.resources()).filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
        await setQuota({ "requests.memory": "1Gi", persistentvolumeclaims: "1", pods: "9" });

        const image = "registry.invalid/postgres:17";
        const noImage = await refusedUp(project, small({ namespace }, { images: { postgres: image } }));
        expect(noImage).toMatch(/shop-m1-0\/(patroni|lease-guard) in namespace .*: the container does not start/);
        expect(noImage).toContain(`got "${image}": `);
        expect(noImage).toContain("correct the image's name in images");
        await goodUp(project, small({ namespace }));

        const noGateway = await refusedUp(project, small({ namespace }, { images: { gateway: image } }));
        expect(noGateway).toMatch(/shop-gateway-\w+-\w+\/[\w-]+ in namespace .*: the container does not start/);
        expect(noGateway).toContain(`got "${image}": `);
        await goodUp(project, small({ namespace }));

        // A Deployment of one pod makes the new one before the old one goes: no preflight knows whether it will.
        await setQuota({ pods: "2" });
        const labelled = small({ namespace, labels: { team: "shop" } });
        const noPod = await refusedUp(project, labelled);
        expect(noPod).toContain(`deployment/shop-gateway in namespace ${namespace}: no pod is made of it`);
        expect(noPod).toContain("exceeded quota: team");
        await setQuota({ pods: "3" });
        await goodUp(project, labelled);
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));
