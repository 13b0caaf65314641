import { readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ClientConfig } from "pg";
import { untilSettled } from "../faults/fault-test";
import { failureOf, reachedAt, withClient, type Addresses } from "../connect";
import { eventually } from "../eventually";
import { pulumiProject, type PulumiProject } from "../pulumi-project";
import { testCertificates } from "../test-certificates";
import type { ContractPlatform } from "./contract-platform";
import { generatedSecrets } from "./generated-secrets";

const QUICKSTART = readFileSync(path.resolve(__dirname, "../../../examples/quickstart/index.ts"), "utf8");
const SERVICES = { primary: 5433, replica: 5434, default: 5436, offline: 5438 } as const;
type Service = keyof typeof SERVICES;

/** More clients than gateways and members, so at least one gateway must distribute its own. */
const CLIENTS = 8;
/** More than a pool has by default. */
const MOST_CLIENTS = 20;
const WHERE = "select host(inet_server_addr()) as address, pg_is_in_recovery() as standby";
interface Where {
  address: string;
  standby: boolean;
}
interface Outputs {
  services: { name: string; host: string; port: number; role: string; pooled: boolean }[];
  caCertificate: string;
  uri: string;
  readOnlyUri: string;
}

type Within = <T>(uri: string, work: (client: Client) => Promise<T>) => Promise<T>;

/** Each client stays in a transaction until all have their answer, so a pooler needs a connection for each. */
async function atOnce(within: Within, uri: string, clients: number): Promise<Where[]> {
  let answered = 0;
  let giveUp = false;
  const one = async (client: Client): Promise<Where> => {
    await client.query("begin");
    const { rows } = await client.query<Where>(WHERE);
    answered++;
    while (answered < clients && !giveUp) await sleep(20);
    await client.query("commit");
    return rows[0];
  };
  const attempts = Array.from({ length: clients }, () => within(uri, one));
  for (const attempt of attempts) attempt.catch(() => (giveUp = true));
  return Promise.all(attempts);
}

/** The results of the quickstart's program, on any platform. */
export function quickstartContract(open: () => Promise<ContractPlatform>): void {
  let platform: ContractPlatform;
  let project: PulumiProject;
  let outputs: Outputs;
  let addresses: Addresses;

  const be = (more = "", change = (text: string) => text) => project.write(`${change(QUICKSTART)}\n${more}`);
  /** The owner's string with another service's host and port. */
  const uriOf = (service: string, port: number): string => {
    const url = new URL(outputs.uri);
    Object.assign(url, { hostname: platform.host(service), port: String(port) });
    return url.href;
  };
  const within = <T>(uri: string, work: Parameters<typeof withClient<T>>[2], more: ClientConfig = {}): Promise<T> =>
    withClient(uri, outputs.caCertificate, work, { ...reachedAt(uri, outputs.caCertificate, addresses), ...more });
  const serverOf = (uri: string): Promise<Where> => within(uri, async (c) => (await c.query<Where>(WHERE)).rows[0]);
  /** Right after a change, a gateway may not know the service's servers yet. */
  const soonWhere = (uri: string): Promise<Where> => eventually(() => serverOf(uri), 60);

  beforeAll(async () => {
    platform = await open();
    project = await pulumiProject({ program: QUICKSTART, config: platform.config, env: platform.env });
    const started = Date.now();
    await project.up();
    outputs = await project.outputs<Outputs>();
    addresses = await platform.addresses();
    await Promise.all(Object.entries(SERVICES).map(([name, port]) => soonWhere(uriOf(name, port))));
    process.stderr.write(`from up to every service answering: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  });
  afterAll(async () => {
    await project?.remove().finally(() => platform.remove());
  });

  test("the same services", () => {
    expect(outputs.services).toMatchObject(
      Object.entries(SERVICES).map(([name, port]) => ({ name, port, host: platform.host(name) })),
    );
    expect(outputs.services.map((s) => `${s.name} ${s.role} ${s.pooled}`)).toEqual([
      "primary primary true",
      "replica replica true",
      "default primary false",
      "offline replica false",
    ]);
  });

  test("one member leads, two are streaming standbys of the quorum", async () => {
    await untilSettled({ engine: platform }, 3);
  });

  test("each service leads to the members it is for", async () => {
    const leader = await platform.leaderAddress();
    const ask = (service: Service, clients = CLIENTS): Promise<Where[]> =>
      atOnce(within, uriOf(service, SERVICES[service]), clients);
    for (const service of ["primary", "default"] as const)
      expect(await ask(service)).toEqual(Array(CLIENTS).fill({ address: leader, standby: false }));
    for (const service of ["replica", "offline"] as const) {
      const both = new Set<string>();
      // A gateway may detect the second server a moment later than Patroni reports it, and a pooler keeps its
      // connections. One more client forces a new connection.
      for (let clients = CLIENTS; both.size < 2 && clients <= MOST_CLIENTS; clients++) {
        if (clients > CLIENTS) await sleep(3000);
        for (const { address, standby } of await ask(service, clients)) {
          expect({ address, standby }).toEqual({
            address: expect.not.stringMatching(`^${leader}$`) as string,
            standby: true,
          });
          both.add(address);
        }
      }
      expect([service, both.size]).toEqual([service, 2]);
    }
    // As the program's own outputs show it.
    expect((await soonWhere(outputs.uri)).standby).toBe(false);
    expect((await soonWhere(outputs.readOnlyUri)).standby).toBe(true);
  });

  test("a second preview, a refresh and a third preview find nothing to do", async () => {
    await project.expectNoChanges();
    expect(Object.keys((await project.refresh()).summary)).toEqual(["unchanged"]);
    await project.expectNoChanges();
  });

  test("a user, a database, a service and a parameter touch nothing that runs", async () => {
    const before = await platform.lives();
    await be(
      `import { PgService } from "pgharbor";
      new PgUser("reader", { target: cluster, username: "reader", roles: [{ name: "shop_owner" }] });
      new PgDatabase("second", { target: cluster, owner: "shop_owner", dropOnDelete: true,
        extensions: [{ name: "vector" }, { name: "pg_stat_statements" }] });
      export const auditPort = new PgService("audit", { cluster, port: 5439, destination: "postgres",
        checkPath: "/read-only-quorum", selector: "[? pg_role == 'replica']" }).endpoint.port;`,
      (text) => text.replace("members: 3,", "members: 3, parameters: { work_mem: '5MB' },"),
    );
    const steps = (await project.previewJson()).steps.filter(({ op }) => op !== "same" && op !== "create");
    const changed = steps.map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);
    expect(changed.sort()).toEqual(["update shop", "update shop-patroni"]);
    await project.up();
    await project.expectNoChanges();
    const after = await platform.lives();
    expect(after).toMatchObject(before);
    expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
    addresses = await platform.addresses();
    expect((await soonWhere(uriOf("audit", 5439))).standby).toBe(true);
    const shown = await within(uriOf("default", SERVICES.default), (c) => c.query("show work_mem"));
    expect(shown.rows).toEqual([{ work_mem: "5MB" }]);
    await be();
    await project.up();
    expect(await platform.lives()).toEqual(before);
  });

  test("no generated password or key is anywhere it could be read", async () => {
    const exported = await project.run("stack", "export", "--stack", "test", "--show-secrets");
    const secrets = generatedSecrets(exported.stdout);
    expect(secrets.length).toBeGreaterThan(10);
    await be("", (text) => text.replace("members: 3,", `members: 3, parameters: { log_statement: "ddl" },`));
    const readable: Record<string, string> = {
      ...(await platform.readable()),
      state: await project.export(),
      "preview with a diff": (await project.preview("--diff")).stdout,
    };
    await be();
    for (const [location, text] of Object.entries(readable)) {
      expect(text).not.toBe("");
      const found = secrets.filter(({ value }) => text.includes(value)).map(({ name }) => `${name} in ${location}`);
      expect(found).toEqual([]);
    }
  });

  test("nothing connects without a password, TLS or the right certificate authority", async () => {
    const { ca: other } = await testCertificates("localhost", ["127.0.0.1"]);
    for (const service of ["primary", "default"] as const) {
      const uri = uriOf(service, SERVICES[service]);
      const attempt = (more: ClientConfig) => failureOf(within(uri, (c) => c.query("select 1"), more));
      expect(await attempt({ ssl: false })).toMatch(/SSL required|no encryption|no pg_hba.conf entry/i);
      expect(await attempt({ password: "wrong-password" })).toMatch(/authentication failed/);
      expect(await attempt({ ssl: { ca: other, servername: platform.host(service) } })).toMatch(/certificate/i);
    }
    const superuser = within(uriOf("default", SERVICES.default), (c) => c.query("select 1"), {
      ...{ user: "postgres", password: "x" },
    });
    expect(await failureOf(superuser)).toMatch(/pg_hba|rejects/);
  });

  test("a destroy leaves nothing, and a cluster of the same name can be made at once", async () => {
    expect(await platform.remains()).not.toEqual([]);
    await project.destroy();
    expect(await platform.remains()).toEqual([]);
    await project.up();
    outputs = await project.outputs<Outputs>();
    addresses = await platform.addresses();
    expect((await soonWhere(outputs.uri)).standby).toBe(false);
    await project.expectNoChanges();
    await project.destroy();
    expect(await platform.remains()).toEqual([]);
  });
}
