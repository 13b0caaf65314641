import { expectHitless } from "../support/faults/fault-test";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { images } from "../support/pinned-images";
import { KubernetesFaultCluster } from "../support/kubernetes/fault-cluster";

jest.setTimeout(900_000);

/** The limit for any mistake: far below the ten minutes that Pulumi's own provider waits for pods. */
const BOUND_MS = 180_000;

const NO_IMAGE = "registry.invalid/none:1";

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

/** Returns the error that ends an update, within the time limit. */
async function refused(what: string, update: Promise<unknown>): Promise<string> {
  const start = Date.now();
  const message = await update.then(
    () => "no error",
    (error: Error) => error.message,
  );
  process.stderr.write(`${what}: refused after ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  expect(Date.now() - start).toBeLessThan(BOUND_MS);
  return message;
}

async function refusedUp(what: string, project: PulumiProject, text: string): Promise<string> {
  await project.write(text);
  return refused(what, project.up());
}

async function goodUp(project: PulumiProject, text: string): Promise<void> {
  await project.write(text);
  await project.up();
  await project.expectNoChanges();
  await project.refresh("--expect-no-changes");
}

const quota = (hard: Record<string, string>) =>
  JSON.stringify({ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "team" }, spec: { hard } });

test("what Kubernetes lacks is reported before anything is created, and each corrected program continues from there", () =>
  kubernetes.withNamespace(
    "v-bad",
    async (namespace) => {
      const env = { KUBECONFIG: kubernetes.kubeconfig };
      const project = await pulumiProject({ program: small({ namespace }), env });
      const setQuota = async (hard: Record<string, string>) => {
        await kubernetes.kubectl(["-n", namespace, "apply", "-f", "-"], quota(hard));
        // A quota admits nothing until its controller has counted.
        await kubernetes.kubectl(["-n", namespace, "wait", "--for=jsonpath={.status.hard}", "resourcequota/team"]);
      };
      try {
        const missing = await refusedUp(
          "what is not there",
          project,
          small({
            namespace: `${namespace}-not-there`,
            storage: { storageClass: "fast" },
            scheduling: { priorityClass: "urgent" },
            imagePullSecrets: ["registry"],
          }),
        );
        // A preview opens none of our connections. It shows what would be created.
        await project.preview();
        for (const line of [
          `kubernetes.namespace: there is no such namespace, got "${namespace}-not-there" at https://`,
          `kubernetes.storage.storageClass: there is no such StorageClass, got "fast"; give one that exists: localdir (default), `,
          'kubernetes.scheduling.priorityClass: there is no such PriorityClass, got "urgent"; create it, or give one that exists: ',
          `kubernetes.imagePullSecrets[0]: there is no such Secret in namespace ${namespace}-not-there, got "registry"; create it`,
        ])
          expect(missing).toContain(line);
        expect((await project.resources()).filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);

        await setQuota({ "requests.memory": "256Mi", persistentvolumeclaims: "0", pods: "9" });
        const tooMuch = await refusedUp("a small quota", project, small({ namespace }));
        expect(tooMuch).toContain(
          `resources.memory: does not fit the ResourceQuota team of namespace ${namespace} (requests.memory), got 496Mi more where 256Mi of 256Mi is left; raise the quota`,
        );
        expect(tooMuch).toContain(
          `members: does not fit the ResourceQuota team of namespace ${namespace} (persistentvolumeclaims), got 1 more where 0 of 0 is left`,
        );
        expect(tooMuch).not.toContain("(pods)");
        expect((await project.resources()).filter(({ type }) => type.startsWith("kubernetes:"))).toEqual([]);
        await setQuota({ "requests.memory": "1Gi", persistentvolumeclaims: "1", pods: "9" });

        const noImage = await refusedUp(
          "no image of members",
          project,
          small({ namespace }, { images: { postgres: NO_IMAGE } }),
        );
        expect(noImage).toMatch(/shop-m1-0\/(patroni|lease-guard) in namespace .*: the container does not start/);
        expect(noImage).toContain(`got "${NO_IMAGE}": `);
        expect(noImage).toContain("correct the image's name in images");
        await goodUp(project, small({ namespace }));

        const noGateway = await refusedUp(
          "no image of gateways",
          project,
          small({ namespace }, { images: { gateway: NO_IMAGE } }),
        );
        expect(noGateway).toMatch(/shop-gateway-\w+-\w+\/[\w-]+ in namespace .*: the container does not start/);
        expect(noGateway).toContain(`got "${NO_IMAGE}": `);
        await goodUp(project, small({ namespace }));

        // A Deployment of one pod creates the new pod before it deletes the old one. No preflight can tell whether both
        // fit.
        await setQuota({ pods: "2" });
        const labelled = small({ namespace, labels: { team: "shop" } });
        const noPod = await refusedUp("no room for a pod", project, labelled);
        // The extra pod may use the quota that the member's next pod needs, because the first pod to be created gets
        // the rest of the quota.
        expect(noPod).toMatch(
          /(deployment\/shop-gateway|statefulset\/shop-m1) in namespace .*: no pod is created from it/,
        );
        expect(noPod).toContain("exceeded quota: team");
        await setQuota({ pods: "3" });
        await goodUp(project, labelled);
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));

test("a missing image stops a running cluster's update at one replica, and clients notice nothing", async () => {
  const cluster = await KubernetesFaultCluster.up("v-image");
  const writers = await cluster.startWriters();
  try {
    const { engine } = cluster;
    const before = await engine.lives();
    await writers.report();
    const message = await refused("no image of a running cluster", cluster.change({ postgresImage: NO_IMAGE }));
    expect(message).toMatch(/shop-m1-0\/(patroni|lease-guard) in namespace .*: the container does not start/);
    expect(message).toContain(`got "${NO_IMAGE}": `);
    const { "shop-m1-0": first, ...others } = await engine.lives();
    expect(first).not.toBe(before["shop-m1-0"]);
    expect({ "shop-m1-0": before["shop-m1-0"], ...others }).toEqual(before);
    expect(await engine.leader()).toBe("shop-m3-0");
    await writers.untilWriting(60);

    await cluster.change({ postgresImage: images.postgres[17] });
    await cluster.expectNoChanges();
    await writers.untilWriting(60);
    const report = await writers.report();
    expect(report.lost).toEqual([]);
    expectHitless(report);
    const { "shop-m1-0": corrected, ...still } = await engine.lives();
    expect(corrected).not.toBe(first);
    expect(still).toEqual(others);
  } finally {
    await writers.stop();
    await cluster.remove();
  }
});
