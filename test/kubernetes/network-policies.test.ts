import { setTimeout as sleep } from "node:timers/promises";
import { reachedAt, withClient } from "../support/connect";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { isAllowed } from "../support/network-policy";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";
import { images } from "../support/pinned-images";
import { endsOf, matrixOf } from "./network-matrix";
import { readNetworkWorld, type NetworkWorld } from "./network-world";
import { observed } from "./observed-traffic";

jest.setTimeout(600_000);

/** Who may connect, and where the API server is. */
const strict = (apiServer: string) => ({
  clients: [{ namespace: "shops" }, { podLabels: { app: "web" } }, { cidr: "192.0.2.0/24" }],
  apiServer: [`${apiServer}/32`],
});

const program = (namespace: string, networkPolicy: object) => `
import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)}, networkPolicy: ${JSON.stringify(networkPolicy)} },
  members: 2, gateways: 1, deletionProtection: false,
});
new PgService("audit", { cluster, port: 5435, destination: "pgbouncer", checkPath: "/primary" });
const owner = new PgUser("owner", { target: cluster, username: "owner" });
const database = new PgDatabase("app", { target: cluster, owner: owner.username });
export const uri = new ServiceBinding("app", { user: owner, database, service: "primary" }).uri;
export const caCertificate = cluster.caCertificate;
new SupportingService("idle", {
  target: cluster, database: database.databaseName, connectAs: owner, hosts: ["local"], containerPort: 8080,
  image: ${JSON.stringify(images.gateway)}, command: ["sleep", "infinity"], healthcheck: { command: ["true"] },
});
`;

let kubernetes: KubernetesForTests;
let namespace: TestNamespace;
let project: PulumiProject;
let world: NetworkWorld;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  namespace = await inNamespace(kubernetes, "policies", RESTRICTED);
  const policy = strict((await readNetworkWorld(kubernetes)).apiServer.address);
  project = await pulumiProject({
    program: program(namespace.name, policy),
    env: { KUBECONFIG: kubernetes.kubeconfig },
  });
  await project.up();
  world = await readNetworkWorld(kubernetes);
});

afterAll(async () => {
  await project?.remove();
  await namespace?.remove();
});

const WITHIN = [
  "member → member: 5432, 8008",
  "member → gateway: 6432, 7000",
  "member → audit's gateway: 6432, 7000",
  "gateway → member: 5432, 8008",
  "audit's gateway → member: 5432, 8008",
  "supporting service → gateway: 5436, 5438, 6432, 6532",
  "supporting service → audit's gateway: 6432",
];
const clientsAre = (...clients: string[]): string[] =>
  clients.flatMap((client) => [
    `${client} → gateway: 5436, 5438, 6432, 6532`,
    `${client} → audit's gateway: 6432`,
    `${client} → supporting service: 8080`,
  ]);
const OURS = ["member", "gateway", "audit's gateway", "supporting service"];
const strangers = (): string[] => Object.keys(endsOf(world, namespace.name)).filter((name) => !OURS.includes(name));

test("with clients and the API server named, nothing else is let through in either direction", () => {
  expect(matrixOf(world, namespace.name).sort()).toEqual(
    [
      ...WITHIN,
      "member → API server: 443, 6443",
      ...clientsAre("web pod beside", "pod of namespace shops", "known address"),
    ].sort(),
  );
  const [known] = endsOf(world, namespace.name)["DNS"]!;
  for (const name of OURS)
    for (const protocol of ["TCP", "UDP"] as const)
      expect(
        endsOf(world, namespace.name)[name]!.every((end) => isAllowed(world, end, known!, { port: 53, protocol })),
      ).toBe(true);
});

test("everything that the cluster really does is let through", async () => {
  const engine = new KubernetesMembers(kubernetes, namespace.name, "shop");
  const leader = await engine.leader();
  // The poolers are paused while somebody is in a transaction, and the old primary streams from the new one.
  const event = () => Promise.all([inTransaction(), engine.exec(leader, "pgharbor-patroni", "switchover")]);
  const { lines, refused } = await observed(world, { kubernetes, namespace: namespace.name, event });
  expect(refused).toEqual([]);
  expect(lines).toEqual(
    expect.arrayContaining([
      "member → member: 5432",
      "member → gateway: 6432",
      "member → API server: 6443",
      "gateway → member: 5432",
      "gateway → member: 8008",
    ]),
  );
});

/** Long enough to be met by the pause, and shorter than the poolers would wait for it. */
async function inTransaction(): Promise<void> {
  const { uri, caCertificate } = await project.outputs<{ uri: string; caCertificate: string }>();
  const path = "jsonpath={.spec.clusterIP}";
  const address = await kubernetes.kubectl(["-n", namespace.name, "get", "service", "shop-primary", "-o", path]);
  const at = reachedAt(uri, caCertificate, { [new URL(uri).hostname]: address });
  await withClient(
    uri,
    caCertificate,
    async (client) => {
      await client.query("begin");
      await client.query("select 1");
      await sleep(8000);
      await client.query("commit");
    },
    at,
  );
}

test("with nobody named, everyone may use the services, and members reach what may be an API server", async () => {
  await change({});
  const apiServers = strangers().map((name) => `member → ${name}: 443, 6443`);
  expect(matrixOf(world, namespace.name).sort()).toEqual(
    [...WITHIN, ...apiServers, ...clientsAre(...strangers())].sort(),
  );
});

test("where they are not wanted there are none", async () => {
  await change({ enabled: false });
  expect(world.policies.filter(({ metadata }) => metadata.namespace === namespace.name)).toEqual([]);
});

async function change(networkPolicy: object): Promise<void> {
  await project.write(program(namespace.name, networkPolicy));
  await project.up();
  world = await readNetworkWorld(kubernetes);
}
