import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { reachedAt, withClient } from "../support/connect";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";
import { images } from "../support/pinned-images";
import { endsOf, lines, matrixOf, portsOf } from "../support/kubernetes/network-matrix";
import { readNetworkWorld, type NetworkWorld } from "../support/kubernetes/network-world";
import { observed } from "../support/kubernetes/observed-traffic";

jest.setTimeout(600_000);

/** The allowed clients, and the address of the API server. */
const strict = (apiServer: string) => ({
  clients: [{ namespace: "shops" }, { podLabels: { app: "web" } }, { cidr: "192.0.2.0/24" }],
  monitoring: [{ podLabels: { app: "prometheus" } }],
  supportingServiceEgress: [{ cidr: "203.0.113.0/24" }],
  apiServer: [`${apiServer}/32`],
});

const program = (namespace: string, networkPolicy: object) => `
import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: {
    namespace: ${JSON.stringify(namespace)}, networkPolicy: ${JSON.stringify(networkPolicy)},
    // As little as may be given: it must do for a cluster at work.
    gatewayResources: { cpu: 0.01, memory: "32MB" },
  },
  members: 2, gateways: 1, deletionProtection: false,
});
new PgService("audit", { cluster, port: 5435, destination: "pgbouncer", checkPath: "/primary" });
const owner = new PgUser("owner", { target: cluster, username: "owner" });
const database = new PgDatabase("app", { target: cluster, owner: owner.username });
const bind = (service: string) => new ServiceBinding(service, { user: owner, database, service }).uri;
export const primary = bind("primary");
export const audit = bind("audit");
export const caCertificate = cluster.caCertificate;
new SupportingService("idle", {
  target: cluster, database: database.databaseName, connectAs: owner, hosts: ["local"], containerPort: 8080,
  image: ${JSON.stringify(images.postgres["17"])}, user: "102:104", command: ["sleep", "infinity"],
  healthcheck: { command: ["true"] },
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

/** Policies allow any DNS server, because its pods may be in any namespace. None of our pods is one. */
const toDns = (): string[] => OURS.flatMap((ours) => strangers().map((name) => `${ours} → ${name}: 53, 5353`));

test("with clients and the API server named, no other connection is allowed in either direction", () => {
  const clients = clientsAre("web pod beside", "pod of namespace shops", "known address");
  const named = `supporting service → internet: ${portsOf(world, namespace.name).join(", ")}`;
  expect(matrixOf(world, namespace.name)).toEqual(
    lines(...WITHIN, "member → API server: 443, 6443", "monitoring → member: 8008", named, ...clients, ...toDns()),
  );
  expect(matrixOf(world, namespace.name, "UDP")).toEqual(lines(named, ...toDns()));
  expect(matrixOf(world, namespace.name, "SCTP")).toEqual([named]);
});

test("switchovers, a base backup, a member's restart and a service's queries are allowed", async () => {
  const engine = new KubernetesMembers(kubernetes, namespace.name, "shop");
  const leader = await engine.leader();
  const event = async () => {
    // The poolers are paused while transactions are open, and the old primary then streams from the new one.
    await inTransactions(() => engine.exec(leader, "pgharbor-patroni", "switchover"));
    await untilStreaming(engine);
    // This makes a base backup, as a member with deleted data would.
    await engine.exec(await engine.leader(), "patronictl", "reinit", "shop", leader, "--force", "--wait");
    await untilStreaming(engine);
    await engine.kubectl("delete", "pod", leader);
    await untilStreaming(engine);
    const query = 'psql "$(cat $PGHARBOR_CONNECTION/uri)" -XAtc "select 1 from pg_sleep(2)"';
    expect(await engine.kubectl("exec", "deployment/shop-idle-local", "--", "sh", "-c", query)).toBe("1\n");
  };
  const { lines: seen, refused } = await observed(world, { kubernetes, namespace: namespace.name, event });
  expect(refused).toEqual([]);
  const needed = [
    "member → member: 5432",
    "member → member: 8008",
    "member → gateway: 6432",
    "member → gateway: 7000",
    "member → audit's gateway: 6432",
    "member → audit's gateway: 7000",
    "member → API server: 6443",
    "gateway → member: 5432",
    "gateway → member: 8008",
    "audit's gateway → member: 8008",
    "supporting service → gateway: 6432",
  ];
  expect(needed.filter((line) => !seen.includes(line))).toEqual([]);
});

/** Waits until one member leads and the other streams from it. */
async function untilStreaming(engine: KubernetesMembers): Promise<void> {
  for (const deadline = Date.now() + 120_000; ; await sleep(1000)) {
    const seen = await engine.members().catch((error: Error) => error.message);
    if (
      typeof seen !== "string" &&
      seen
        .map(({ State }) => State)
        .sort()
        .join() === "running,streaming"
    )
      return;
    if (Date.now() > deadline) throw new Error(`the replica does not stream: ${JSON.stringify(seen)}`);
  }
}

/**
 * Runs `happens` while a transaction is open in each pooler of the primary. The transactions end before the poolers
 * stop waiting for them.
 */
async function inTransactions(happens: () => Promise<unknown>): Promise<void> {
  const { primary, audit, caCertificate } =
    await project.outputs<Record<"primary" | "audit" | "caCertificate", string>>();
  const addresses = await kubernetes.serviceAddresses(namespace.name);
  const connected = <T>(uri: string, work: (client: Client) => Promise<T>) =>
    withClient(uri, caCertificate, work, reachedAt(uri, caCertificate, addresses));
  await connected(primary, (one) =>
    connected(audit, async (other) => {
      for (const client of [one, other]) await client.query("begin").then(() => client.query("select 1"));
      const commitLater = async () => {
        await sleep(8000);
        for (const client of [one, other]) await client.query("commit");
      };
      await Promise.all([happens(), commitLater()]);
    }),
  );
}

test("with no clients named, everyone may use the services, and members may connect to any possible API server", async () => {
  await change({});
  const apiServers = strangers().map((name) => `member → ${name}: 443, 6443`);
  expect(matrixOf(world, namespace.name)).toEqual(
    lines(...WITHIN, ...apiServers, ...clientsAre(...strangers()), ...toDns()),
  );
  expect(matrixOf(world, namespace.name, "UDP")).toEqual(lines(...toDns()));
  expect(matrixOf(world, namespace.name, "SCTP")).toEqual([]);
});

test("without networkPolicy there are no policies", async () => {
  await change({ enabled: false });
  expect(world.policies.filter(({ metadata }) => metadata.namespace === namespace.name)).toEqual([]);
});

async function change(networkPolicy: object): Promise<void> {
  await project.write(program(namespace.name, networkPolicy));
  await project.up();
  world = await readNetworkWorld(kubernetes);
}
