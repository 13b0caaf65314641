import { DockerCluster } from "../support/docker-cluster";
import { failureOf, withClient } from "../support/connect";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const NAME = "tcluster";
const SERVICES = ["primary", "replica", "default", "offline"] as const;
type Service = (typeof SERVICES)[number];

const program = (extra = "", clusterArgs = ""): string => `
  import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "17", members: 3, deletionProtection: false, ${clusterArgs}
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
  ${extra}
  export const uris = { ${SERVICES.map((s) => `${s}: bind("${s}")`).join(", ")} };
  export const caCertificate = cluster.caCertificate;
  export const services = cluster.services;
  export const status = cluster.status;
`;

interface Outputs {
  uris: Record<Service, string>;
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
  status: string;
}

const WHERE = "select host(inet_server_addr()) as address, pg_is_in_recovery() as standby";
interface Where {
  address: string;
  standby: boolean;
}

let project: PulumiProject;
let cluster: DockerCluster;
let outputs: Outputs;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  const started = Date.now();
  await project.up();
  outputs = await project.outputs<Outputs>();
  await Promise.all(
    SERVICES.map((s) => withClient(outputs.uris[s], outputs.caCertificate, (c) => c.query("select 1"))),
  );
  process.stderr.write(`from pulumi up to every service answering: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
});

afterAll(async () => {
  await project?.remove();
});

test("one member leads, two are quorum standbys", async () => {
  expect(outputs.status).toBe("ACTIVE");
  const members = await cluster.members();
  expect(members.map((m) => m.Role).sort()).toEqual(["Leader", "Quorum Standby", "Quorum Standby"]);
  expect(members.filter((m) => m.Role !== "Leader").map((m) => m.State)).toEqual(["streaming", "streaming"]);
});

test("each service routes to the members it is for", async () => {
  const leader = await cluster.leader();
  const all = await cluster.inspectAll();
  const leaderAddress = all.get(leader)!.NetworkSettings.Networks[NAME]!.IPAddress;
  const ask = async (service: Service): Promise<Where[]> => {
    // A new connection each: both replicas have their turn.
    const one = () =>
      withClient(outputs.uris[service], outputs.caCertificate, async (c) => (await c.query<Where>(WHERE)).rows[0]!);
    return Promise.all([one(), one(), one(), one()]);
  };
  for (const service of ["primary", "default"] as const)
    expect(await ask(service)).toEqual(Array(4).fill({ address: leaderAddress, standby: false }));
  for (const service of ["replica", "offline"] as const) {
    const answers = await ask(service);
    expect(answers.map((a) => a.standby)).toEqual([true, true, true, true]);
    expect(answers.map((a) => a.address)).not.toContain(leaderAddress);
  }
});

test("a second preview, a refresh and a third preview find nothing to do", async () => {
  await project.expectNoChanges();
  const refreshed = await project.refresh();
  expect(Object.keys(refreshed.summary)).toEqual(["unchanged"]);
  await project.expectNoChanges();
});

const names = (steps: readonly { op: string; urn: string }[]): string[] =>
  steps
    .filter((s) => s.op !== "same")
    .map((s) => `${s.op} ${s.urn.split("::").pop()}`)
    .sort();

test("a user, a database and a service more touch no container that runs", async () => {
  const before = await cluster.lives();
  await project.write(
    program(`new PgUser("reader", { target: cluster, username: "reader", roles: [{ name: "app_owner" }] });`),
  );
  expect(names((await project.previewJson()).steps)).toEqual([
    "create reader",
    "create reader",
    "create reader-password",
  ]);
  await project.up();
  expect(await cluster.lives()).toEqual(before);

  await project.write(
    program(`new PgDatabase("second", { target: cluster, owner: "app_owner", dropOnDelete: true });`),
  );
  await project.up();
  expect(await cluster.lives()).toEqual(before);
  await project.expectNoChanges();

  const service = `const audit = new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/read-only-quorum",
    selector: "[? pg_role == 'replica']" });
    export const audit_port = audit.endpoint.port;`;
  await project.write(program(service));
  const planned = names((await project.previewJson()).steps);
  expect(planned.filter((step) => !/audit|second/.test(step))).toEqual([]);
  await project.up();
  const { [`${NAME}-audit-haproxy`]: added, ...others } = await cluster.lives();
  expect(added).toBeDefined();
  expect(others).toEqual(before);
  await project.expectNoChanges();
  const { audit_port } = await project.outputs<{ audit_port: number }>();
  const auditUri = outputs.uris.default.replace(/:\d+\//, `:${audit_port}/`);
  const where = await withClient(auditUri, outputs.caCertificate, async (c) => (await c.query<Where>(WHERE)).rows[0]!);
  expect(where.standby).toBe(true);
  await project.write(program());
  await project.up();
  expect(await cluster.lives()).toEqual(before);
});

test("a parameter and an hba rule reload; one that needs a restart restarts replicas first", async () => {
  const before = await cluster.lives();
  const show = (name: string) =>
    withClient(outputs.uris.default, outputs.caCertificate, async (c) => {
      const { rows } = await c.query<Record<string, string>>(`show ${name}`);
      return Object.values(rows[0]!)[0];
    });
  const started = () =>
    withClient(outputs.uris.default, outputs.caCertificate, async (c) => {
      const { rows } = await c.query<{ at: string }>("select pg_postmaster_start_time()::text as at");
      return rows[0]!.at;
    });
  const since = await started();
  const hba = `hba: [{ user: "app_owner", db: "app", addr: "10.1.0.0/16", auth: "ssl" }]`;
  await project.write(program("", `parameters: { log_min_duration_statement: "1234" }, ${hba}`));
  const { steps } = await project.previewJson();
  expect(names(steps)).toEqual([`update ${NAME}`, `update ${NAME}-patroni`]);
  await project.up();
  expect(await show("log_min_duration_statement")).toBe("1234ms");
  expect(await started()).toBe(since);

  await project.write(program("", `parameters: { max_locks_per_transaction: "96" }`));
  await project.up();
  expect(await show("max_locks_per_transaction")).toBe("96");
  expect(await cluster.lives()).toEqual(before);
  await project.expectNoChanges();
  await project.write(program());
  await project.up();
});

test("what a running cluster cannot change fails in the preview", async () => {
  const before = await cluster.lives();
  await project.write(program("", 'resources: { disk: "9GB" },').replace('"17"', '"15"'));
  expect(await failureOf(project.preview())).toMatch(/cannot change from "17", got "15"/);
  // Even without a preview no member is touched.
  expect(await failureOf(project.up())).toMatch(/cannot change from "17", got "15"/);
  expect(await cluster.lives()).toEqual(before);
  await project.write(program());
});

test("no generated password or key is anywhere it could be read", async () => {
  const shown = (await project.run("stack", "export", "--stack", "test", "--show-secrets")).stdout;
  const secrets = generatedSecrets(JSON.parse(shown) as State);
  expect(secrets.length).toBeGreaterThan(15);
  await project.write(program("", `parameters: { log_statement: "ddl" }`));
  const places: Record<string, string> = {
    state: await project.export(),
    inspect: JSON.stringify([...(await cluster.inspectAll()).values()]),
    logs: await cluster.logs(),
    "preview with a diff": (await project.preview("--diff")).stdout,
    "first preview": await firstPreview(),
  };
  for (const container of (await cluster.inspectAll()).keys()) {
    places[`processes of ${container}`] = await cluster.exec(
      container,
      "sh",
      "-c",
      "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\\\0' ' '; true",
    );
  }
  for (const [place, text] of Object.entries(places)) {
    const found = secrets.filter((secret) => text.includes(secret.value)).map((secret) => `${secret.name} in ${place}`);
    expect(found).toEqual([]);
  }
  await project.write(program());
});

async function firstPreview(): Promise<string> {
  const fresh = await pulumiProject({ program: program() });
  try {
    return (await fresh.preview("--diff")).stdout;
  } finally {
    await fresh.remove();
  }
}

interface State {
  deployment: { resources: { urn: string; type: string; outputs?: Record<string, unknown> }[] };
}

/** Every random password and private key of the state, each long enough to be searched for. */
function generatedSecrets(state: State): { name: string; value: string }[] {
  const fields: Record<string, string> = {
    "random:index/randomPassword:RandomPassword": "result",
    "tls:index/privateKey:PrivateKey": "privateKeyPem",
  };
  return state.deployment.resources.flatMap((resource) => {
    const field = fields[resource.type];
    if (field === undefined) return [];
    const secret = resource.outputs?.[field] as { plaintext?: string };
    const value = JSON.parse(secret.plaintext ?? "null") as string;
    // A key is searched for by a line of its own: its line ends differ from place to place.
    return [{ name: resource.urn.split("::").pop()!, value: value.includes("\n") ? value.split("\n")[1]! : value }];
  });
}

test("nothing connects without a password, TLS or the right certificate authority", async () => {
  const uri = outputs.uris.primary;
  const direct = outputs.uris.default;
  const attempt = (at: string, ca: string | undefined, more = {}) =>
    failureOf(withClient(at, ca, (c) => c.query("select 1"), more));
  for (const at of [uri, direct]) {
    expect(await attempt(at, undefined)).toMatch(/SSL required|no encryption|no pg_hba.conf entry/i);
    expect(await attempt(at, outputs.caCertificate, { password: "wrong-password" })).toMatch(/authentication failed/);
    const other = await pulumiOther();
    expect(await attempt(at, other)).toMatch(/certificate|self.signed/i);
  }
  expect(await attempt(direct, outputs.caCertificate, { user: "postgres", password: "x" })).toMatch(/pg_hba|rejects/);
});

/** Another authority's certificate. */
async function pulumiOther(): Promise<string> {
  const text = `import * as tls from "@pulumi/tls";
    const key = new tls.PrivateKey("k", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    export const pem = new tls.SelfSignedCert("c", { privateKeyPem: key.privateKeyPem, isCaCertificate: true, validityPeriodHours: 1,
      allowedUses: ["cert_signing"], subject: { commonName: "another" } }).certPem;`;
  const other = await pulumiProject({ program: text });
  try {
    await other.up();
    return (await other.outputs<{ pem: string }>()).pem;
  } finally {
    await other.remove();
  }
}

test("with deletionProtection a destroy refuses and deletes nothing; without it, it leaves nothing", async () => {
  await project.write(program().replace("deletionProtection: false", "deletionProtection: true"));
  await project.up();
  const before = await cluster.lives();
  // As a person does it, with its preview: nothing at all is deleted.
  const asked = await failureOf(project.run("destroy", "--yes", "--stack", "test"));
  expect(asked).toMatch(/cannot be deleted\s+because it is protected/);
  // Even without a preview the data stay, and the message says how.
  const refused = await failureOf(project.destroy());
  expect(refused).toMatch(/deletionProtection is on; set deletionProtection: false/);
  expect(await cluster.lives()).toEqual(before);
  // The users were under way to be forgotten when the guard refused: they are still on the server.
  await project.write(
    program()
      .replace('username: "app_owner"', 'username: "app_owner", adopt: true')
      .replace("owner: owner.username", "owner: owner.username, adopt: true"),
  );
  await project.up();
  await project.destroy();
  expect(await cluster.remains()).toEqual([]);
});
