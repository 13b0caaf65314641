import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parseAllDocuments } from "yaml";
import { recordApi, type ApiRecorder } from "../support/api-recorder";
import { failureOf } from "../support/connect";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

const ROLE_FILE = path.resolve(__dirname, "../../examples/kubernetes/caller-role.yaml");

const program = (namespace: string, members: number, workMem: string, wrong = "") => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: {
      namespace: ${JSON.stringify(namespace)}, storage: { retainOnScaleDown: true, ${wrong && 'storageClass: "fats"'} },
      // On everything: each kind is changed once.
      labels: { "example.com/work-mem": ${JSON.stringify(workMem)} },
    },
    members: ${members}, gateways: 1, deletionProtection: false, ${wrong}
    parameters: { work_mem: ${JSON.stringify(workMem)} },
    // Into the files of gateways.
    pool: { maxClientConnections: ${members} * 1000 },
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const binding = new ServiceBinding("api", {
    user: owner, database, service: "primary", sslRootCert: "/bindings/db/ca.crt", secret: { name: "api-database" },
  });
  export const secretName = binding.secretName;
`;

interface Role {
  kind: string;
  metadata: { name: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
}
interface Config {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
}

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

/** Lists the rights in the recorder's notation. */
const rightsIn = (rules: Role["rules"]): string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group === "" ? "" : `${group}/`}${resource}`)),
    ),
  );

test("the documented rights suffice for everything, and each of them is needed", () =>
  kubernetes.withNamespace(
    "caller",
    async (namespace) => {
      const role = await callerRole();
      const recorder = await recorderOfTheServer();
      const project = await pulumiProject({
        program: program(namespace, 1, "5MB"),
        env: { KUBECONFIG: "/nonexistent" },
        config: { "kubernetes:kubeconfig": { secret: await allowOnly(namespace, role, recorder) } },
      });
      try {
        await correctsTheFirstUpdate(project, namespace);
        await deploysAndScales(project, namespace);
        const held = await heldByMembers(namespace);
        await project.destroy();
        expect(await kubernetes.left(namespace, /shop|api-database/)).toEqual([]);
        // These are cluster-wide rights, which the namespace's owner cannot grant.
        expect([...recorder.forbidden].sort()).toEqual([
          ...["get namespaces", "list limitranges", "list resourcequotas", "list storage.k8s.io/storageclasses"],
        ]);
        const rare = [
          // Kubernetes 1.35 asks for it.
          ...["create pods/exec", "create pods/portforward"],
          // Needed for a pod that a quota refused. Whether that happens depends on timing.
          "patch apps/replicasets",
          // Kubernetes has deprecated Endpoints in favour of these.
          ...["list discovery.k8s.io/endpointslices", "watch discovery.k8s.io/endpointslices"],
          // Needed for a member that crashed because of a setting that the next update corrects.
          "delete pods",
        ];
        expect(rightsIn(role.rules).sort()).toEqual([...new Set([...recorder.allowed, ...held, ...rare])].sort());
      } finally {
        await project.remove();
        recorder.stop();
      }
    },
    RESTRICTED,
  ));

async function callerRole(): Promise<Role> {
  const documents = parseAllDocuments(await fs.readFile(ROLE_FILE, "utf8"));
  return documents.map((one) => one.toJS() as Role).find(({ metadata }) => metadata.name === "pgharbor-caller")!;
}

async function recorderOfTheServer(): Promise<ApiRecorder> {
  const config = JSON.parse(
    await kubernetes.kubectl(["config", "view", "--raw", "--minify", "--flatten", "-o", "json"]),
  ) as Config;
  const { server, "certificate-authority-data": ca } = config.clusters[0].cluster;
  return recordApi(server, Buffer.from(ca, "base64"));
}

/** Returns the kubeconfig of an account that has this Role and no other rights. */
async function allowOnly(namespace: string, role: Role, { url: server, ca }: ApiRecorder): Promise<string> {
  const inNamespace = (...args: string[]) => kubernetes.kubectl(["-n", namespace, ...args]);
  await kubernetes.kubectl(["-n", namespace, "apply", "-f", "-"], JSON.stringify(role));
  await inNamespace("create", "serviceaccount", "deployer");
  const account = `${namespace}:deployer`;
  const name = role.metadata.name;
  await inNamespace("create", "rolebinding", name, `--role=${name}`, `--serviceaccount=${account}`);
  const token = (await inNamespace("create", "token", "deployer", "--duration=2h")).trim();
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "it", cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    users: [{ name: "deployer", user: { token } }],
    contexts: [{ name: "it", context: { cluster: "it", user: "deployer" } }],
    "current-context": "it",
  });
}

/**
 * Without these rights the preflight cannot run, so the first update ends with the error that the preflight would have
 * given. Immutable settings may be corrected as long as no cluster exists.
 */
async function correctsTheFirstUpdate(project: PulumiProject, namespace: string): Promise<void> {
  await project.write(program(namespace, 1, "5MB", `postgresVersion: "15", resources: { disk: "16GB" },`));
  const message = await failureOf(project.up());
  expect(message).toMatch(
    /shop-m1-0 in namespace .*: the pod gets no volume.*shop-m1-data.*storageclass.*"fats" not found/,
  );
  expect(message).toContain("correct kubernetes.storage.storageClass");
  expect(await kubernetes.kubectl(["-n", namespace, "get", "pvc", "shop-m1-data", "-o", CLAIM])).toBe("fats 16Gi");
  await project.write(program(namespace, 1, "5MB"));
  await project.up();
  expect(await kubernetes.kubectl(["-n", namespace, "get", "pvc", "shop-m1-data", "-o", CLAIM])).toBe("localdir 8Gi");
  // The cluster exists now, so its immutable settings are enforced.
  await project.write(program(namespace, 1, "5MB", `postgresVersion: "15",`));
  const refused = await failureOf(project.up());
  for (const path of ["postgresVersion", "kubernetes.storage.storageClass"])
    expect(refused).toMatch(new RegExp(`${path}.*cannot change`));
  await project.write(program(namespace, 1, "5MB"));
}

const CLAIM = "jsonpath={.spec.storageClassName} {.spec.resources.requests.storage}";

async function deploysAndScales(project: PulumiProject, namespace: string): Promise<void> {
  const { stdout } = await project.up();
  for (const unseen of ["the namespace", "StorageClasses", "ResourceQuotas", "LimitRanges"])
    expect(stdout).toContain(`${unseen}: not checked beforehand`);
  await project.expectNoChanges();
  await project.refresh("--expect-no-changes");
  // Changes files and parameters of running pods, adds a member and removes one.
  for (const members of [2, 1]) {
    await project.write(program(namespace, members, "6MB"));
    await project.up();
  }
  await project.expectNoChanges();
}

/** Kubernetes lets an account grant only rights that it has itself. */
const heldByMembers = async (namespace: string): Promise<string[]> =>
  rightsIn((await kubernetes.get<Role>(["role", "shop-members", "-n", namespace])).rules);
