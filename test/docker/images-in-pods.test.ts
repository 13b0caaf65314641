import { ImageContainer, RUNS, type ImageContainerOptions } from "../support/image-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(900_000);

/** Containers as the kubelet starts them: a read-only root, no privileges, mounted files and empty folders. */
const started: ImageContainer[] = [];
const start = async (options: ImageContainerOptions): Promise<ImageContainer> => {
  const container = await ImageContainer.start(options);
  started.push(container);
  return container;
};
afterAll(() => Promise.all(started.map((container) => container.remove())));

const GATEWAY = ["/run/pgharbor", "/run/pgharbor/sockets", "/tmp"];
/** Returns temporary files that a check may leave behind, and the state of the running program. */
const traces = (container: ImageContainer): Promise<string> =>
  container.read("sh", "-c", "ls -A /tmp; cat /run/pgharbor/program.pid /run/pgharbor/mounted; ls -A /run/pgharbor");
const UNTOLD = 120; // In seconds. On an idle machine, a mounted change without a notification is detected within ten seconds.

describe("haproxy", () => {
  const certificates = testCertificates("gateway", []);
  const files = async (port: number, extra = ""): Promise<Record<string, string>> => {
    const { cert, key } = await certificates;
    return {
      revision: `r-${port}`,
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
  bind 127.0.0.1:${port} ssl crt tls.pem
  bind unix@/run/pgharbor/sockets/.s.PGSQL.${port} mode 600
  server echo 127.0.0.1:7100
${extra}`,
      "tls.pem": `${cert}\n${key}\n`,
    };
  };
  const listens = (port: number): string => `socat -u OPEN:/dev/null TCP:127.0.0.1:${port}`;
  let haproxy: ImageContainer;

  beforeAll(async () => {
    haproxy = await start({ image: "gateway", program: "haproxy", emptyDirs: GATEWAY, files: await files(7001) });
    await haproxy.until(listens(7001));
  });

  test("only the program's folders are writable, and its files are read-only", async () => {
    expect((await haproxy.exec("touch", "/etc/pgharbor/x")).stderr).toContain("Read-only file system");
    expect((await haproxy.exec("sh", "-c", "echo >> /etc/pgharbor/current/haproxy.cfg")).code).not.toBe(0);
  });

  test("checks a set of files from standard input and changes nothing", async () => {
    const before = await traces(haproxy);
    expect(await haproxy.check(await files(7009))).toMatchObject({ code: 0, stderr: "" });
    const refused = await haproxy.check(await files(7009, "  frobnicate\n"));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/\[haproxy\.cfg:\d+\].*unknown keyword 'frobnicate'/);
    expect(refused.stderr).toContain("these files are refused; nothing was changed");
    expect(await traces(haproxy)).toBe(before);
  });

  test("reads the files of the set it checks, not those of the running program", async () => {
    const { "tls.pem": _, ...without } = await files(7009);
    expect((await haproxy.check(without)).stderr).toMatch(/tls\.pem/);
    const absolute = await files(7009, "  bind :7010 ssl crt /etc/pgharbor/current/other.pem\n");
    expect((await haproxy.check(absolute)).stderr).toMatch(/other\.pem/);
    expect(await haproxy.check({ ...absolute, "other.pem": absolute["tls.pem"] })).toMatchObject({ code: 0 });
  });

  test("refuses a file that is not an archive, and an empty archive", async () => {
    const { code, stderr } = await haproxy.exec(
      "sh",
      "-c",
      "head -c 2000 /dev/zero | tr '\\0' x | pgharbor-apply --check",
    );
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("no tar archive") as string });
    expect((await haproxy.check({})).stderr).toContain("haproxy.cfg is missing or empty");
  });

  test("waits for a change that was notified, checks it and applies it once", async () => {
    const applied = haproxy.exec("pgharbor-apply", "--mounted", "r-7002");
    await haproxy.mount(await files(7002));
    expect(await applied).toMatchObject({ code: 0 });
    await haproxy.until(listens(7002));
    await haproxy.until(`! ${listens(7001)}`);
    const again = await haproxy.exec("pgharbor-apply", "--mounted", "r-7002");
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("is the current one") as string });
  });

  test("reports a refused set of files and keeps running with the old one", async () => {
    await haproxy.mount(await files(7003, "  frobnicate\n"));
    const refused = await haproxy.exec("pgharbor-apply", "--mounted", "r-7003");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/unknown keyword 'frobnicate'[^]*the mounted configuration is refused/);
    await haproxy.until(listens(7002));
  });

  test("reports a reload that fails: an unavailable address passes the check", async () => {
    await haproxy.mount(await files(7004, "listen other\n  bind 192.0.2.1:7005\n"));
    const refused = await haproxy.exec("pgharbor-apply", "--mounted", "r-7004");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/cannot bind socket[^]*haproxy did not take the mounted configuration/);
    await haproxy.until(listens(7002));
  });

  test("restarts after a kill, with old sockets in its folders", async () => {
    await haproxy.mount(await files(7006));
    await haproxy.kill();
    await haproxy.until(listens(7006));
    await haproxy.until("pgharbor-health");
  });

  test("applies a change without a notification", async () => {
    await haproxy.mount(await files(7007));
    await haproxy.until(listens(7007), UNTOLD);
  });
});

describe("pgbouncer", () => {
  const PASSWORD = "a console's password";
  const files = async (extra = "", name = "pooler"): Promise<Record<string, string>> => {
    const { cert, key } = await testCertificates(name, []);
    return {
      "pgbouncer.ini": `[databases]
* = host=/run/pgharbor/sockets port=7001
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 6432
unix_socket_dir = /run/pgharbor/pgbouncer
auth_type = scram-sha-256
auth_file = /etc/pgharbor/current/userlist.txt
client_tls_sslmode = require
client_tls_cert_file = /etc/pgharbor/current/tls.crt
client_tls_key_file = /etc/pgharbor/current/tls.key
admin_users = console
${extra}`,
      "userlist.txt": `"console" "${PASSWORD}"\n`,
      "admin.password": PASSWORD,
      "tls.crt": cert,
      "tls.key": key,
    };
  };
  /** Returns the names in the certificate that PgBouncer serves. */
  const served = `python3 -c "
import socket, ssl, struct
plain = socket.create_connection(('127.0.0.1', 6432), timeout=3)
plain.sendall(struct.pack('!ii', 8, 80877103))
assert plain.recv(1) == b'S'
context = ssl._create_unverified_context()
print(context.wrap_socket(plain).getpeercert(True))"`;
  let pooler: ImageContainer;

  beforeAll(async () => {
    pooler = await start({ image: "gateway", program: "pgbouncer", emptyDirs: GATEWAY, files: await files() });
    await pooler.until("pgharbor-health");
  });

  test("checks a set of files from standard input and changes nothing", async () => {
    const before = await traces(pooler);
    expect(await pooler.check(await files())).toMatchObject({ code: 0, stderr: "" });
    const refused = await pooler.check(await files("pool_mode = sometimes\n"));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/invalid value "sometimes" for parameter pool_mode/);
    expect(refused.stderr).not.toContain(PASSWORD);
    const { "userlist.txt": _, ...without } = await files();
    expect((await pooler.check(without)).code).toBe(1);
    expect(await traces(pooler)).toBe(before);
    expect(await pooler.read("sh", "-c", "cat /proc/[0-9]*/comm | grep -c '^pgbouncer$'")).toBe("1");
  });

  test("serves a renewed certificate without a notification", async () => {
    expect(await pooler.read("sh", "-c", served)).toContain("pooler");
    await pooler.mount(await files("", "renewed"));
    await pooler.until(`${served} | grep -q renewed`, UNTOLD);
  });

  test("restarts after its first process is killed, and after it is killed itself", async () => {
    await pooler.kill();
    await pooler.until(RUNS);
    await pooler.until("pgharbor-health");
    await pooler.killProgram();
    await pooler.until(RUNS);
    await pooler.until("pgharbor-health");
  });
});
