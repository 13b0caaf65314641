import { eventually } from "../support/eventually";
import { ImageContainer, RUNS } from "../support/image-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(900_000);

const started: ImageContainer[] = [];
const start = async (...args: Parameters<typeof ImageContainer.start>): Promise<ImageContainer> => {
  const container = await ImageContainer.start(...args);
  started.push(container);
  return container;
};
afterAll(() => Promise.all(started.map((container) => container.remove())));

const haproxyCfg = (port: number, extra = ""): Record<string, string> => ({
  "haproxy.cfg": `global
  default-path config
  stats socket /run/pgharbor/haproxy/admin.sock mode 600 level admin
  server-state-file /run/pgharbor/haproxy/servers.state
defaults
  mode tcp
  timeout connect 1s
  timeout client 1m
  timeout server 1m
  load-server-state-from-file global
listen probe
  bind 127.0.0.1:${port}
  server echo 127.0.0.1:7100
${extra}`,
});
const LISTENS = (port: number): string => `socat -u OPEN:/dev/null TCP:127.0.0.1:${port}`;
const CURRENT = ["readlink", "/etc/pgharbor/current"];

describe("haproxy", () => {
  let haproxy: ImageContainer;
  beforeAll(async () => {
    haproxy = await start({ image: "gateway", program: "haproxy" });
  });

  test("waits for its configuration and then starts with it", async () => {
    await eventually(async () => expect(await haproxy.logs()).toContain("waiting for configuration"));
    expect(await haproxy.apply("r1", haproxyCfg(7001))).toMatchObject({ code: 0 });
    await haproxy.until(LISTENS(7001));
    expect(await haproxy.read("id", "-u")).toBe("103");
  });

  test("refuses a file that fails haproxy -c, gives the reason, and keeps running with the old one", async () => {
    const refused = await haproxy.apply("bad", haproxyCfg(7002, "  frobnicate\n"));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/unknown keyword 'frobnicate'/);
    expect(refused.stderr).toMatch(/revision bad is refused; revisions\/r1 stays current/);
    expect(await haproxy.read(...CURRENT)).toBe("revisions/r1");
    await haproxy.until(LISTENS(7001));
  });

  test("reverts a file that passes the check but cannot run, because an address is unavailable", async () => {
    const elsewhere = haproxyCfg(7002, "listen other\n  bind 192.0.2.1:7003\n");
    const refused = await haproxy.apply("elsewhere", elsewhere);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/cannot bind socket/);
    expect(await haproxy.read(...CURRENT)).toBe("revisions/r1");
    await haproxy.until(LISTENS(7001));
    expect((await haproxy.exec("sh", "-c", LISTENS(7002))).code).not.toBe(0);
  });

  test("a reload keeps open connections and removes older revisions", async () => {
    await haproxy.exec("sh", "-c", "socat TCP-LISTEN:7100,fork,bind=127.0.0.1 EXEC:cat >/dev/null 2>&1 &");
    const client =
      "(echo before; until [ -e /tmp/go ]; do sleep 0.1; done; echo after) | socat -t 5 - TCP:127.0.0.1:7001";
    await haproxy.exec("sh", "-c", `${client} >/tmp/echoed 2>&1 &`);
    await haproxy.until("grep -q before /tmp/echoed");
    const master = await haproxy.read("cat", "/run/pgharbor/program.pid");
    expect(await haproxy.apply("r2", haproxyCfg(7004))).toMatchObject({ code: 0 });
    await haproxy.until(LISTENS(7004));
    expect(await haproxy.read("cat", "/run/pgharbor/program.pid")).toBe(master);
    await haproxy.until(`! ${LISTENS(7001)}`);
    await haproxy.read("touch", "/tmp/go");
    await haproxy.until("grep -q after /tmp/echoed");
    expect(await haproxy.read("ls", "/etc/pgharbor/revisions")).toBe("r2");
  });

  test("the same revision again changes nothing", async () => {
    const again = await haproxy.apply("r2", haproxyCfg(7004));
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("current one already") as string });
  });

  test.each(["../r2", "", ".", "a b"])("a revision named %p is refused", async (name) => {
    expect((await haproxy.exec("pgharbor-apply", name)).code).not.toBe(0);
    expect(await haproxy.read(...CURRENT)).toBe("revisions/r2");
  });

  test("keeps its configuration across a restart and a kill, and stops within its grace period", async () => {
    expect(await haproxy.restart()).toBeLessThan(10_000);
    await haproxy.until(LISTENS(7004));
    await haproxy.kill();
    await haproxy.until(LISTENS(7004));
    expect(await haproxy.apply("r3", haproxyCfg(7005))).toMatchObject({ code: 0 });
    await haproxy.until(LISTENS(7005));
  });

  test("accepts a revision that arrives before HAProxy has opened its sockets", async () => {
    const sockets = "/run/pgharbor/haproxy";
    await haproxy.read("sh", "-c", `mkdir /tmp/later; mv ${sockets}/*.sock /tmp/later`);
    await haproxy.exec("sh", "-c", `(sleep 3; mv /tmp/later/*.sock ${sockets}) >/dev/null 2>&1 &`);
    expect(await haproxy.apply("r4", haproxyCfg(7006))).toMatchObject({ code: 0 });
    await haproxy.until(LISTENS(7006));
  });

  test("its health check passes", async () => {
    await haproxy.until("pgharbor-health");
  });
});

describe("pgbouncer", () => {
  const PASSWORD = "a console's password";
  let pooler: ImageContainer;
  const files = (extra = ""): Record<string, string> => ({
    "pgbouncer.ini": `[databases]
* = host=/run/pgharbor/sockets port=7001
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
unix_socket_dir = /run/pgharbor/pgbouncer
auth_type = scram-sha-256
auth_file = /etc/pgharbor/current/userlist.txt
admin_users = console
${extra}`,
    "userlist.txt": `"console" "${PASSWORD}"\n`,
    "admin.password": PASSWORD,
    "resume-deadline": "3",
  });
  // The password stays out of arguments and environment here too.
  const console_ = (sql: string): string => `python3 -c "
import psycopg2, sys
c = psycopg2.connect(host='/run/pgharbor/pgbouncer', port=6432, dbname='pgbouncer', user='console',
  password=open('/etc/pgharbor/current/admin.password').read())
c.autocommit = True
cursor = c.cursor()
cursor.execute('${sql}')
print(dict(row[:2] for row in cursor.fetchall()) if cursor.description else '')
"`;

  beforeAll(async () => {
    pooler = await start({ image: "gateway", program: "pgbouncer" });
    expect(await pooler.apply("r1", files())).toMatchObject({ code: 0 });
    await pooler.until("pgharbor-health");
  });

  test("a reload takes new settings without a restart", async () => {
    const pid = await pooler.read("cat", "/run/pgharbor/program.pid");
    expect(await pooler.apply("r2", files("default_pool_size = 7\n"))).toMatchObject({ code: 0 });
    await pooler.until(`${console_("SHOW CONFIG")} | grep -q "'default_pool_size': '7'"`);
    expect(await pooler.read("cat", "/run/pgharbor/program.pid")).toBe(pid);
  });

  test.each([
    ["an unknown setting", "pool_mood = session\n", /unknown parameter.*pool_mood/],
    ["a value out of its range", "pool_mode = sometimes\n", /invalid value "sometimes" for parameter pool_mode/],
  ])("%s is refused with PgBouncer's own message", async (_, extra, words) => {
    const refused = await pooler.apply("bad", files(extra));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(words);
    expect(refused.stderr).not.toContain(PASSWORD);
    expect(await pooler.read(...CURRENT)).toBe("revisions/r2");
  });

  test("a certificate whose key does not belong to it is refused", async () => {
    const [one, other] = [await testCertificates("a", []), await testCertificates("b", [])];
    const tls = "client_tls_sslmode = require\nclient_tls_cert_file = /etc/pgharbor/current/tls.crt\n";
    const spoiled = { ...files(`${tls}client_tls_key_file = /etc/pgharbor/current/tls.key\n`), "tls.crt": one.cert };
    expect((await pooler.apply("wrong-key", { ...spoiled, "tls.key": other.key })).code).toBe(1);
    expect(await pooler.apply("right-key", { ...spoiled, "tls.key": one.key })).toMatchObject({ code: 0 });
  });

  test("the watchdog resumes a paused pooler once the deadline has passed, and not before", async () => {
    const since = Date.now();
    await pooler.read("sh", "-c", console_("PAUSE"));
    await pooler.until(`${console_("SHOW STATE")} | grep -q "'paused': 'no'"`);
    expect(Date.now() - since).toBeGreaterThanOrEqual(3000);
    await eventually(async () => expect(await pooler.logs()).toContain("paused past the deadline, resuming"));
  });

  test("a killed watchdog is restarted", async () => {
    // By the name of the program, which this shell does not have.
    const find = "for p in /proc/[0-9]*; do [ $(cat $p/comm) = pgharbor-watchd ] && echo ${p#/proc/}; done; true";
    const before = await pooler.read("sh", "-c", find);
    expect(before).toMatch(/^\d+$/);
    await pooler.read("kill", "-9", before);
    await pooler.until("rm -f /run/pgharbor/pgbouncer/answered; sleep 2; pgharbor-health", 20);
  });

  test("restarts with its files after a kill", async () => {
    await pooler.kill();
    await pooler.until(RUNS);
    await pooler.until("pgharbor-health");
    expect(await pooler.restart()).toBeLessThan(10_000);
    await pooler.until(RUNS);
    await pooler.until("pgharbor-health");
  });

  test("no secret is in its container definition, its processes or its log", async () => {
    const seen = [
      JSON.stringify(await pooler.inspect()),
      await pooler.logs(),
      await pooler.read("sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '"),
    ];
    for (const text of seen) expect(text).not.toContain(PASSWORD);
  });
});
