import {
  ExternalPostgres,
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  SupportingService,
  type SupportingServiceArgs,
} from "../../packages/pgharbor/src";
import { clearSecrets, MockEngine, shown } from "../support/mock-engine";

const CONTAINER = "docker:index/container:Container";

const images = { postgres: "own/postgres:1", gateway: "own/gateway:1", etcd: "own/etcd:1" };
const newCluster = (name: string) => new PostgresCluster(name, { docker: {}, images, members: 1 });

interface Around {
  cluster: PostgresCluster;
  user: PgUser;
  database: PgDatabase;
}
async function around(): Promise<Around & { engine: MockEngine }> {
  const engine = await MockEngine.start();
  const cluster = newCluster("shop");
  const user = new PgUser("reader", { target: cluster, username: "reader" });
  const database = new PgDatabase("orders", { target: cluster });
  return { engine, cluster, user, database };
}
const argsOf = (
  { cluster, user, database }: Around,
  more: Partial<SupportingServiceArgs> = {},
): SupportingServiceArgs => ({
  target: cluster,
  database: database.databaseName,
  connectAs: user,
  serviceType: "mcp",
  hosts: ["local"],
  ...more,
});

test("a preset: one container with its connection in files, and a resource that reports its state", async () => {
  const all = await around();
  const more = { port: 8090, cpus: 0.5, memory: "256MB", env: { TZ: "UTC" }, config: { values: { max_rows: "10" } } };
  const { instances } = new SupportingService("mcp", argsOf(all, more));
  const { value, secret } = await shown(instances);
  const engine = await all.engine.settle();

  const container = engine.one(CONTAINER, "shop-mcp-local");
  const { uploads, ...inputs } = container.inputs as { uploads: { file: string }[] };
  expect(inputs).toEqual({
    name: "shop-mcp-local",
    hostname: "shop-mcp-local",
    image: "sha256:mcp-image",
    networksAdvanced: [{ name: "id of shop-network" }],
    ports: [{ internal: 8080, external: 8090, ip: "127.0.0.1" }],
    envs: [
      "PGHARBOR_CONNECTION=/run/pgharbor/connection",
      "PGSERVICEFILE=/run/pgharbor/connection/pg_service.conf",
      "TZ=UTC",
    ],
    labels: [
      { label: "pgharbor.service", value: "mcp" },
      { label: "pgharbor.cluster", value: "shop" },
      { label: "pgharbor.role", value: "supporting-service" },
      { label: "pgharbor.cluster-uid", value: "uid of shop-marker" },
      { label: "pgharbor.stack", value: "project/stack" },
    ],
    restart: "unless-stopped",
    destroyGraceSeconds: 10,
    stopTimeout: 10,
    memory: 256,
    memorySwap: 256,
    cpuPeriod: 100_000,
    cpuQuota: 50_000,
    groupAdds: ["0"],
    mustRun: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
  });
  const mounted = { permissions: "0440" };
  const uri = `postgresql://reader:${encodeURIComponent("password of reader-password")}@primary.shop.internal:6432/orders`;
  expect(uploads).toEqual([
    {
      ...mounted,
      file: "/run/pgharbor/connection/uri",
      content: { secret: `${uri}?sslmode=verify-full&sslrootcert=/run/pgharbor/connection/ca.crt` },
    },
    {
      ...mounted,
      file: "/run/pgharbor/connection/pg_service.conf",
      content: { secret: expect.stringMatching(/\[pgharbor\]\nhost=primary\.shop\.internal\nport=6432\n/) as string },
    },
    { ...mounted, file: "/run/pgharbor/connection/connection.json", content: { secret: expect.any(String) as string } },
    { ...mounted, file: "/run/pgharbor/connection/ca.crt", content: "certificate of shop-ca\n" },
    { ...mounted, file: "/etc/pgharbor-mcp/settings.json", content: '{\n  "max_rows": "10"\n}\n' },
  ]);
  expect(container).toMatchObject({
    parent: "mcp",
    deleteBeforeReplace: true,
    replaceOnChanges: ["image", "cpuPeriod", "cpuQuota"],
  });
  // The user and the database are created before the service, and deleted after it.
  expect(container.dependsOn).toEqual(expect.arrayContaining(["reader", "orders", "shop-patroni"]));
  expect(engine.one("pulumi-nodejs:dynamic/pgharbor:ServiceInstance", "shop-mcp-local-state")).toMatchObject({
    inputs: { engine: "", container: "id of shop-mcp-local", containerName: "shop-mcp-local", timeoutSeconds: 300 },
    deletedWith: undefined,
  });
  expect(clearSecrets(engine.registered, /password of/)).toEqual([]);
  expect(secret).toBe(false);
  expect(value).toMatchObject([
    { name: "shop-mcp-local", addresses: ["shop-mcp-local:8080", "127.0.0.1:8090"], port: 8090 },
  ]);
});

test("a custom image: its process, its health check, its files", async () => {
  const all = await around();
  new PgService("audit", { cluster: all.cluster, port: 5435, destination: "postgres", checkPath: "/read-only" });
  const own: Partial<SupportingServiceArgs> = {
    serviceType: undefined,
    image: "own/app",
    version: "1.2",
    service: "audit",
    port: 0,
    containerPort: 3000,
    command: ["serve"],
    secretFiles: { "/run/app/key": "password of the app" },
    healthcheck: { command: ["app", "ping"], interval: "1 min", retries: 5 },
    capabilities: ["NET_BIND_SERVICE"],
  };
  const { instances } = new SupportingService("app", argsOf(all, own));
  const { value } = await shown(instances);
  const engine = await all.engine.settle();
  const { inputs } = engine.one(CONTAINER, "shop-app-local");
  expect(inputs).toMatchObject({
    command: ["serve"],
    ports: [{ internal: 3000, ip: "127.0.0.1" }],
    healthcheck: { tests: ["CMD", "app", "ping"], interval: "1m0s", timeout: "5s", retries: 5, startPeriod: "30s" },
    capabilities: { drops: ["ALL"], adds: ["NET_BIND_SERVICE"] },
  });
  const uploads = inputs.uploads as { file: string; permissions: string; content: unknown }[];
  expect(uploads.map((u) => u.permissions)).toEqual(Array(5).fill("0444"));
  expect(uploads[4]).toMatchObject({ file: "/run/app/key", content: { secret: "password of the app" } });
  expect(JSON.stringify(uploads[1])).toContain("host=audit.shop.internal\\nport=5435");
  expect(engine.one("docker:index/remoteImage:RemoteImage", "app-image").inputs.name).toBe("own/app:1.2");
  expect(clearSecrets(engine.registered, /password of/)).toEqual([]);
  expect(value).toMatchObject([{ addresses: ["shop-app-local:3000", "127.0.0.1:43000"], port: 43_000 }]);
});

describe("one error contains all problems, before anything is created", () => {
  type Bad = [string, (all: Around) => Partial<SupportingServiceArgs>, string[]];
  const declared = "connectAs: must be a declared user, a PgUser of the same cluster; give the object itself";
  test.each<Bad>([
    ["a user by name", () => ({ connectAs: "reader" as never }), [declared]],
    [
      "a user that looks like one",
      ({ cluster }) => ({
        connectAs: {
          username: "x",
          password: "y",
          targetName: "shop",
          services: [],
          caCertificate: cluster.caCertificate,
        },
      }),
      [declared],
    ],
    [
      "a user of another cluster",
      () => {
        const target = newCluster("other");
        return { connectAs: new PgUser("stranger", { target, username: "stranger" }) };
      },
      ['connectAs: must be a user of "shop", got "stranger" of "other"; declare the user on "shop"'],
    ],
    [
      "a server of somebody else",
      () => ({
        target: new ExternalPostgres("rds", {
          url: "postgresql://a@db/x",
          password: "p",
          caCertificate: "-----BEGIN CERTIFICATE-----",
        }),
      }),
      ["target: must be a PostgresCluster of this program, whose network the service joins; give the object itself"],
    ],
    [
      "no database",
      () => ({ database: undefined }),
      ["database: is missing; give the databaseName of a PgDatabase on the same cluster"],
    ],
    [
      "a database that cannot be",
      () => ({ database: "my db" }),
      ['database: must be letters, digits and _, a letter or _ first, got "my db"'],
    ],
    [
      "a port of the cluster's own",
      () => ({ port: 5433 }),
      ["port: is taken by the service primary of shop, got 5433; choose another, or 0 for any free one"],
    ],
    [
      "a port of another supporting service",
      (all) => {
        new SupportingService("first", argsOf(all, { port: 8090 }));
        return { port: 8090 };
      },
      ['port: is taken by SupportingService "first", got 8090; choose another, or 0 for any free one'],
    ],
    [
      "everything at once",
      () => ({ connectAs: undefined, hosts: ["host-2"], service: "main" }),
      [
        declared,
        'hosts[0]: is not a host of the cluster, got "host-2"; a cluster on one Docker engine has the host "local"',
        'service: is not a service of the cluster that was declared before, got "main"; use one of primary, replica, default, offline',
      ],
    ],
  ])("%s", async (_, bad, problems) => {
    const all = await around();
    const args = argsOf(all, bad(all));
    const lines = problems.map((problem) => `  ${problem}`).join("\n");
    expect(() => new SupportingService("mcp", args)).toThrow(
      `SupportingService "mcp": ${problems.length} problem(s)\n${lines}`,
    );
    expect((await all.engine.settle()).list()).not.toContain("mcp");
  });
});
