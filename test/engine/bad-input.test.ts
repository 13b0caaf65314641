import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";

jest.setTimeout(300_000);

let project: PulumiProject;
beforeAll(async () => {
  project = await pulumiProject({ program: "", typeCheck: false });
});
afterAll(() => project?.remove());

const HEAD = `import { ExternalPostgres, PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";`;
/** A resource before the mistake. If the mistake were found too late, this resource would be created. */
const GOOD = `
  const rds = new ExternalPostgres("rds", {
    url: "postgresql://admin@127.0.0.1:1/postgres", password: "geheim-1234", caCertificate: "-----BEGIN CERTIFICATE-----",
  });`;

const programs: { name: string; program: string; says: string[] }[] = [
  {
    name: "a cluster with a mistake in every part",
    program: `new PostgresCluster("shop", {
      docker: { etcdMembers: 2 }, members: 17, sync: "strict", syncReplicas: 20, parameters: { max_conections: "5" },
      services: [{ name: "a", port: 5433, selector: "[?" }],
    } as any);`,
    says: [
      "docker.etcdMembers: ",
      "members: ",
      "parameters.max_conections: ",
      "services[0].port: ",
      "services[0].selector: ",
    ],
  },
  {
    name: "a cluster on Kubernetes with a mistake in every part",
    program: `new PostgresCluster("shop", {
      kubernetes: {
        namespace: "Shop", labels: { role: "db" }, networkPolicy: { clients: [{}] }, certificates: { issuer: "ca", secret: "own" },
        scheduling: { tolerations: [{ operator: "Exists", value: "db" }] }, connection: { address: "shop" },
      },
      services: [{ name: "members", port: 5440, bindAddress: "*", kubernetes: { nodePort: 30001 } }],
    } as any);`,
    says: [
      "kubernetes.namespace: ",
      "kubernetes.labels.role: ",
      "kubernetes.networkPolicy.clients[0]: ",
      "kubernetes.certificates: ",
      "kubernetes.scheduling.tolerations[0].value: ",
      "kubernetes.connection.address: ",
      "services[0].name: ",
      "services[0].bindAddress: ",
      "services[0].kubernetes.nodePort: ",
    ],
  },
  {
    name: "two platforms and a hostile name",
    program: `new PostgresCluster("shop\\"\\nlabels: x", { docker: {}, kubernetes: {} });`,
    says: ["kubernetes: two platforms are given", `name: must be lower-case letters`],
  },
  {
    name: "a user and a database of the wrong kind",
    program: `new PgUser("user", { target: rds, username: "pg_app", password: "kurz", connlimit: -2 });`,
    says: ["username: must not start with pg_", "connlimit: ", "password: must have"],
  },
  {
    name: "a service on somebody else's server",
    program: `new PgService("audit", { cluster: rds, port: 5435 });`,
    says: ["cluster: must be a PostgresCluster of this program"],
  },
];

test.each(programs)("$name: one clear message, and nothing is made", async ({ program, says }) => {
  await project.write(`${HEAD}\n${GOOD}\n${program}`);
  const failure = (await project.up().catch((e: unknown) => e)) as PulumiFailure;
  expect(failure.code).toBeGreaterThan(0);
  const shown = failure.stdout + failure.stderr;
  for (const words of says) expect(shown).toContain(words);
  // Each problem is reported once, without a stack and without secrets.
  for (const words of says) expect(shown.split(words)).toHaveLength(2);
  expect(shown).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(shown).not.toMatch(/kurz|geheim/);
  expect((await project.resources()).filter((r) => !/pulumi:pulumi:Stack|ExternalPostgres/.test(r.type))).toEqual([]);
});

test("a binding that cannot be stops the program before its users are made", async () => {
  await project.write(`${HEAD}\n${GOOD}
    const other = new ExternalPostgres("other", {
      url: "postgresql://admin@127.0.0.1:1/postgres", password: "geheim-1234", caCertificate: "-----BEGIN CERTIFICATE-----",
    });
    const database = new PgDatabase("app", { target: rds });
    const user = new PgUser("app", { target: other, username: "app" });
    new ServiceBinding("b", { user, database, service: "replica" });`);
  const failure = (await project.preview().catch((e: unknown) => e)) as PulumiFailure;
  const shown = failure.stdout + failure.stderr;
  expect(shown).toContain(
    `user: must be on the same target as the database, got user "app" of "other" and a database of "rds"`,
  );
  expect(shown).toContain(`service: is not a service of the target, got "replica"; use one of primary`);
  expect(shown).not.toMatch(/^\s+at .*:\d+:\d+/m);
});

test("of objects that this program did not make, a binding's problem shows when their values do", async () => {
  await project.write(`${HEAD}\n${GOOD}
    const user = { username: "app", password: "geheim-1234", targetName: "elsewhere", services: [], caCertificate: "ca" };
    export const uri = new ServiceBinding("late", { user, database: { databaseName: "app", targetName: "rds" } }).uri;`);
  const failure = (await project.preview().catch((e: unknown) => e)) as PulumiFailure;
  const shown = failure.stdout + failure.stderr;
  expect(shown).toContain(`user: must be on the same target as the database, got user "app" of "elsewhere"`);
  expect(shown).not.toMatch(/geheim/);
});
