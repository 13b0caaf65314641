import { systemUsers, type DeferredValues } from "@pgharbor/core";
import { scramVerifier } from "../../packages/core/src/render/postgres/scram-verifier";
import { ImageContainer, type ImageContainerOptions } from "../support/image-container";
import { ETCD_BESIDE, memberFiles, SERVER_NAME } from "../support/member-files";
import { deferred } from "../support/planned-by-hand";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(900_000);

const started: ImageContainer[] = [];
const start = async (options: ImageContainerOptions): Promise<ImageContainer> => {
  const container = await ImageContainer.start(options);
  started.unshift(container);
  return container;
};
afterAll(async () => {
  for (const container of started) await container.remove();
});

const MEMBER = ["/run/pgharbor", "/run/postgresql", "/tmp", "/var/lib/postgresql/data"];
const LEADS = "pgharbor-patroni wait --members 1 --timeout 60";
const UNTOLD = 120;
const ETCD_YML = `name: e1
data-dir: /var/lib/etcd/data
listen-client-urls: http://127.0.0.1:2379
advertise-client-urls: http://127.0.0.1:2379
listen-peer-urls: http://127.0.0.1:2380
initial-advertise-peer-urls: http://127.0.0.1:2380
initial-cluster: e1=http://127.0.0.1:2380
`;

describe("a member", () => {
  const certificates = testCertificates(SERVER_NAME, ["127.0.0.1"]);
  const files = async (more: DeferredValues = deferred): Promise<Record<string, string>> => ({
    ...memberFiles({ deferred: more, certificates: await certificates, store: ETCD_BESIDE }),
    "system-roles.sql": systemRoles(more),
  });
  let pod: ImageContainer;
  let member: ImageContainer;

  beforeAll(async () => {
    pod = await start({ image: "gateway", program: "sleep infinity", hostname: SERVER_NAME });
    const store = await start({ image: "etcd", program: "etcd", network: pod });
    await store.apply("r1", { "etcd.yml": ETCD_YML });
    member = await start({
      image: "postgres",
      program: "patroni",
      network: pod,
      emptyDirs: MEMBER,
      files: await files(),
    });
    await member.until(LEADS, 90);
  });

  const sql = (text: string): Promise<string> =>
    member.read("psql", "-XAtq", "-h", "/run/postgresql", "-U", "postgres", "-c", text);
  /** Logs in over the network, with a password from a file. */
  const logsIn = async (user: string, password: string): Promise<boolean> => {
    const login = `PGPASSFILE=/tmp/p psql -XAtq -c 'SELECT 1' "host=127.0.0.1 dbname=postgres user=${user} sslmode=require"`;
    return (await member.exec("sh", "-c", `umask 077; echo '*:*:*:*:${password}' >/tmp/p; ${login}`)).code === 0;
  };

  test("checks a set of files from standard input and changes nothing", async () => {
    const good = await files();
    const before = await member.read("sh", "-c", "ls -A /tmp /run/pgharbor");
    expect(await member.check(good)).toMatchObject({ code: 0, stderr: "" });
    const bad = { ...good, "patroni/20-bad.yml": JSON.stringify({ postgresql: { data_dir: 7 } }) };
    expect(await member.check(bad)).toMatchObject({ code: 1, stderr: expect.stringMatching(/data_dir/) as string });
    const other = { ...good, "tls.key": (await testCertificates("other", [])).key };
    expect((await member.check(other)).stderr).toMatch(/tls\.crt, tls\.key:.*mismatch/i);
    expect(await member.read("sh", "-c", "ls -A /tmp /run/pgharbor")).toBe(before);
  });

  test("the hooks find poolers on every port, and report no failure where none listens", async () => {
    const { cert, key } = await certificates;
    const pooler = await start({ image: "gateway", program: "pgbouncer", network: pod });
    const applied = await pooler.apply("r1", {
      "pgbouncer.ini": `[databases]
* = host=127.0.0.1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 6433
unix_socket_dir = /run/pgharbor/pgbouncer
auth_type = scram-sha-256
auth_file = /etc/pgharbor/current/userlist.txt
client_tls_sslmode = require
client_tls_cert_file = /etc/pgharbor/current/tls.crt
client_tls_key_file = /etc/pgharbor/current/tls.key
admin_users = console
`,
      "userlist.txt": `"console" "a console's password"\n`,
      "admin.password": "a console's password",
      "resume-deadline": "60",
      "tls.crt": cert,
      "tls.key": key,
    });
    expect(applied).toMatchObject({ code: 0 });
    await pooler.until("pgharbor-health");
    const paused = await member.exec("pgharbor-before-stop");
    expect(paused.stderr).toMatch(/^pgharbor: m1 stops: paused 1 of 1 poolers in [\d.]+ s$/m);
    expect(paused.stderr).not.toMatch(/refused/);
    const resumed = await member.exec("pgharbor-on-role-change", "on_role_change", "primary", "shop");
    expect(resumed.stderr).toMatch(/primary reached through 1 gateways, resumed 1 of 1 poolers/);
    expect(resumed.stderr).not.toMatch(/refused/);
    // Data from a release that used only one such file.
    const { poolersPorts: _, ...older } = JSON.parse((await files())["hooks.json"]) as Record<string, unknown>;
    await member.mount({ ...(await files()), "hooks.json": JSON.stringify({ ...older, poolersPort: 6433 }) });
    await member.until('grep -q poolersPort\\" /etc/pgharbor/current/hooks.json');
    expect((await member.exec("pgharbor-before-stop")).stderr).toMatch(/paused 1 of 1/);
    expect((await member.exec("pgharbor-on-role-change", "on_role_change", "primary", "shop")).stderr).toMatch(
      /resumed 1 of 1/,
    );
  });

  test("Patroni and Postgres serve a renewed certificate without a notification", async () => {
    const renewed = await testCertificates(SERVER_NAME, ["127.0.0.1"]);
    await member.mount(memberFiles({ deferred, certificates: renewed, store: ETCD_BESIDE }));
    await member.until(`curl -sS --cacert /etc/pgharbor/current/ca.crt -o /dev/null https://127.0.0.1:8008/`, UNTOLD);
    const verified = `"host=127.0.0.1 dbname=postgres sslmode=verify-ca sslrootcert=/etc/pgharbor/current/ca.crt"`;
    await member.until(`psql -X ${verified} 2>&1 | grep -v 'certificate verify failed'`, UNTOLD);
    await member.mount(await files());
    expect(await member.exec("pgharbor-apply", "--mounted")).toMatchObject({ code: 0 });
  });

  test("the cluster's own roles get new passwords if data already exists", async () => {
    const passwords = Object.fromEntries(
      Object.entries(deferred.passwords).map(([name, one]) => [name, `${one}-anew`]),
    );
    const fresh = { ...deferred, passwords } as DeferredValues;
    // There is no standby whose confirmation Postgres could wait for.
    await sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    await sql("SELECT pg_reload_conf()");
    expect(JSON.parse(await member.read("pgharbor-patroni", "sync-roles"))).toEqual({ changed: [], leads: true });
    const latest = await files(fresh);
    await member.mount(latest);
    expect(await member.exec("pgharbor-apply", "--mounted")).toMatchObject({ code: 0 });
    expect(await logsIn(systemUsers.check, fresh.passwords.check)).toBe(false);
    const changed = ["admin", "check", "poolerAuth", "replication", "rewind"] as const;
    const names = changed.map((name) => systemUsers[name]).sort();
    expect(JSON.parse(await member.read("pgharbor-patroni", "sync-roles"))).toEqual({ changed: names, leads: true });
    // The replication role may not connect to a database.
    for (const name of changed.filter((one) => one !== "replication"))
      expect(await logsIn(systemUsers[name], fresh.passwords[name])).toBe(true);
    expect(await logsIn(systemUsers.check, deferred.passwords.check)).toBe(false);
    expect(JSON.parse(await member.read("pgharbor-patroni", "sync-roles"))).toEqual({ changed: [], leads: true });
    const logs = await member.logs();
    expect(logs).toContain("statement: SELECT"); // it is logged, what is not secret
    expect(logs).not.toMatch(/SCRAM-SHA-256\$/);
    expect(logs).not.toContain("-anew");
    await sql("ALTER SYSTEM RESET synchronous_standby_names");
    await sql("SELECT pg_reload_conf()");
  });

  test("a failed configuration change reports whether it has started", async () => {
    const config = JSON.parse(await member.read("pgharbor-patroni", "get-config")) as Record<string, unknown>;
    const apply = (wanted: unknown, ...options: string[]) =>
      member.exec(
        "sh",
        "-c",
        `printf %s '${JSON.stringify(wanted)}' | pgharbor-patroni apply-config ${options.join(" ")}`,
      );
    expect(await apply([])).toMatchObject({ code: 1, stderr: expect.stringContaining("JSON object") as string });
    const changed = { ...config, maximum_lag_on_failover: 2097152 };
    const half = await apply(changed, "--timeout", "0");
    expect(half).toMatchObject({ code: 3, stderr: expect.stringContaining("still waiting for") as string });
    expect(await apply(changed)).toMatchObject({ code: 0 });
    expect(await apply(config)).toMatchObject({ code: 0 });
  });

  test("roles that cannot be changed are an error, which contains no verifier", async () => {
    await member.mount({
      ...(await files()),
      "system-roles.sql": `ALTER ROLE nobody PASSWORD '${scramVerifier("x", "x")}';`,
    });
    const failed = await member.exec("pgharbor-patroni", "sync-roles");
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('role "nobody" does not exist') as string,
    });
    expect(failed.stderr).not.toContain("SCRAM");
  });

  test.each([
    ["the container", () => member.kill()],
    ["Patroni", () => member.killProgram()],
    [
      "the postmaster",
      () => member.read("sh", "-c", "kill -9 $(head -1 /var/lib/postgresql/data/pgdata/postmaster.pid)"),
    ],
    ["the container, again", () => member.kill()],
  ])("after a kill of %s the member restarts by itself", async (_, kill) => {
    await member.mount(await files());
    await sql("CREATE TABLE IF NOT EXISTS kept (id int)");
    await sql("INSERT INTO kept VALUES (1)");
    const before = await sql("SELECT count(*) FROM kept");
    const started = await sql("SELECT pg_postmaster_start_time()");
    await kill();
    // Patroni's record of a postmaster that has ended stays until the next loop.
    const anew = `SELECT 1 FROM pg_postmaster_start_time() AS t WHERE t > '${started}'`;
    await member.until(`psql -XAtq -h /run/postgresql -U postgres -c "${anew}" | grep -q 1 && ${LEADS}`, 60);
    expect(await sql("SELECT count(*) FROM kept")).toBe(before);
  });

  test("a member that does not lead changes no roles", async () => {
    await member.mount(await files());
    // With the passwords of the former test, no standby could connect.
    await member.read("pgharbor-patroni", "sync-roles");
    const { "system-roles.sql": _, ...own } = await files();
    const second = memberFiles({ deferred, certificates: await certificates, store: ETCD_BESIDE, ordinal: 2 });
    const replica = await start({
      image: "postgres",
      program: "patroni",
      network: pod,
      emptyDirs: MEMBER,
      files: { ...own, ...second, "system-roles.sql": "ALTER ROLE nobody PASSWORD 'x'" },
    });
    await replica.until("pgharbor-patroni wait --members 2 --timeout 60", 90);
    expect(JSON.parse(await replica.read("pgharbor-patroni", "sync-roles"))).toEqual({ changed: [], leads: false });
  });
});

/** This check runs without Kubernetes. */
test.each(["15", "17"])("Kubernetes as the store passes the check of PostgreSQL %s's image", async (major) => {
  const container = await start({ image: "postgres", program: "patroni", major });
  const kubernetes = {
    use_endpoints: false,
    scope_label: "pgharbor.cluster",
    role_label: "role",
    leader_label_value: "primary",
    labels: { "pgharbor.role": "member" },
  };
  const certificates = await testCertificates(SERVER_NAME, []);
  const files = (store: object) => memberFiles({ deferred, certificates, major, store: { kubernetes: store } });
  expect(await container.check(files(kubernetes))).toMatchObject({ code: 0, stderr: "" });
  const refused = await container.check(files({ ...kubernetes, leader_label_value: 3 }));
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("leader_label_value 3") as string });
});

const systemRoles = ({ passwords }: DeferredValues): string =>
  (["admin", "poolerAuth", "check"] as const)
    .map((name) => `ALTER ROLE ${systemUsers[name]} PASSWORD '${scramVerifier(systemUsers[name], passwords[name])}';\n`)
    .join("");
