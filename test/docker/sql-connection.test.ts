import { applyRole, dropRole, ExplainedError, type SqlTarget, withAdminConnection } from "../../packages/sql/src";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(600_000);

const connects = (target: SqlTarget): Promise<unknown> =>
  withAdminConnection(target, (s) => s.client.query("select 1"));

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("it was not refused"),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ExplainedError);
  return (error as ExplainedError).message;
}

describe("connections", () => {
  let server: PostgresContainer;

  beforeAll(async () => {
    // Only these three roles have a line in pg_hba.conf, which requires TLS and a password.
    server = await startPostgres({ hba: ["hostssl all postgres,plain,adder all scram-sha-256"] });
  });
  afterAll(() => server?.remove());

  const at = (): string => `127.0.0.1:${server.target.port}`;

  it("connects with the right CA and password, and leaves no session behind", async () => {
    await connects(server.target);
    const root = await server.connect();
    const { rows } = await root.query(
      "select count(*)::int as n from pg_stat_activity where application_name = 'pgharbor'",
    );
    expect(rows).toEqual([{ n: 0 }]);
    await root.end();
  });

  it("reports that the certificate is signed by another CA", async () => {
    const { ca } = await testCertificates("localhost", []);
    expect(await refusal(connects({ ...server.target, tls: { ca } }))).toContain(
      `${at()}: the server's certificate is not signed by the given CA`,
    );
  });

  it("reports that no CA was given if the system's CAs did not sign the certificate", async () => {
    expect(await refusal(connects({ ...server.target, tls: {} }))).toContain(
      "give the PEM of the root CA that signed it, as tls.ca",
    );
  });

  it("reports that the certificate is for another name, and accepts a given server name", async () => {
    const ca = (server.target.tls as { ca: string }).ca;
    expect(await refusal(connects({ ...server.target, tls: { ca, serverName: "db.example" } }))).toBe(
      `${at()}: the server's certificate is not for db.example, got db.example; connect by a name that the certificate has, or give that name as tls.serverName`,
    );
    await connects({ ...server.target, tls: { ca, serverName: "localhost" } });
    await connects({ ...server.target, host: "localhost" });
  });

  it("reports a wrong password without revealing it", async () => {
    const message = await refusal(connects({ ...server.target, password: "not-the-password" }));
    expect(message).toBe(
      `${at()}: wrong user name or password, got user postgres; check the admin user's name and password`,
    );
  });

  it("reports that no line of pg_hba.conf matches", async () => {
    const message = await refusal(connects({ ...server.target, user: "nobody" }));
    expect(message).toContain(`${at()}: pg_hba.conf refuses this connection, got no pg_hba.conf entry for host`);
    expect(message).toContain(
      "; add a line such as: hostssl postgres nobody <this machine's address>/32 scram-sha-256",
    );
  });

  it("reports that the admin may create neither roles nor databases", async () => {
    await applyRole(server.target, { next: { name: "plain", password: "plain pw" } });
    const plain = { ...server.target, user: "plain", password: "plain pw" };
    expect(await refusal(applyRole(plain, { next: { name: "x" } }))).toBe(
      `users.x: the admin user may not create roles (CREATEROLE), got plain; run ALTER ROLE "plain" CREATEROLE as a superuser, or use another admin user`,
    );
  });

  it("names the statement that the server refused, and rolls back the others", async () => {
    await applyRole(server.target, { next: { name: "adder", password: "adder pw", createrole: true } });
    const adder = { ...server.target, user: "adder", password: "adder pw" };
    const next = { name: "y", password: "never-shown", parameters: { work_mem: "8MB", log_statement: "all" } };
    const message = await refusal(applyRole(adder, { next }));
    expect(message).toBe(
      `ALTER ROLE "y" SET "log_statement" TO 'all': the server refused the statement, got permission denied to set parameter "log_statement" [42501]; give the admin user that right: WITH ADMIN OPTION on the role, membership in the owner, or superuser`,
    );
    await applyRole(server.target, { next: { name: "y" } });
    await dropRole(server.target, "y");
    await dropRole(server.target, "adder");
  });

  it("gives up at its time limit and reports what it waited for", async () => {
    const since = Date.now();
    const message = await refusal(connects({ ...server.target, port: 1, readyTimeoutMs: 1_500 }));
    expect(message).toMatch(/^127.0.0.1:1: the server cannot be reached, got ECONNREFUSED/);
    expect(Date.now() - since).toBeLessThan(4_000);
  });

  it("waits once for an unreachable server, however many calls want it, and again for later calls", async () => {
    const nowhere = { ...server.target, port: 1, readyTimeoutMs: 2_000 };
    const timed = async (calls: number): Promise<number> => {
      const started = Date.now();
      const messages = await Promise.all(Array.from({ length: calls }, () => refusal(connects(nowhere))));
      expect(new Set(messages).size).toBe(1);
      return Date.now() - started;
    };
    const alone = await timed(1);
    expect(await timed(20)).toBeLessThan(5 * alone);
    expect(await timed(1)).toBeGreaterThan(alone / 5);
  });

  it("waits for a server that is starting", async () => {
    const progress: string[] = [];
    const { port } = server.target;
    await server.exec("psql", "-c", "create role early login");
    const restarted = server.restart();
    await restarted;
    expect(server.target.port).not.toBe(0);
    await connects({ ...server.target, onProgress: (line) => progress.push(line) });
    expect(port).toBeGreaterThan(0);
  });

  it("succeeds when its session is killed halfway", async () => {
    const root = await server.connect();
    let times = 0;
    await withAdminConnection(server.target, async (session) => {
      await session.lock();
      const { rows } = await session.client.query<{ pid: number }>("select pg_backend_pid() as pid");
      if (++times === 1) await root.query("select pg_terminate_backend($1)", [rows[0].pid]);
      await session.client.query("select 1");
    });
    await root.end();
    expect(times).toBe(2);
  });

  it("uses one connection for a hundred concurrent calls, and completes each of them", async () => {
    const root = await server.connect();
    let most = 0;
    const watch = setInterval(() => {
      void root
        .query<{ n: number }>("select count(*)::int as n from pg_stat_activity where application_name = 'pgharbor'")
        .then(({ rows }) => (most = Math.max(most, rows[0].n)));
    }, 20);
    const names = Array.from({ length: 100 }, (_, i) => `crowd_${i}`);
    await Promise.all(
      names.map((name) => applyRole(server.target, { next: { name, memberships: [{ role: "pg_monitor" }] } })),
    );
    clearInterval(watch);
    const { rows } = await root.query("select count(*)::int as n from pg_roles where rolname like 'crowd%'");
    expect(rows).toEqual([{ n: 100 }]);
    expect(most).toBe(1);
    await Promise.all(names.map((name) => dropRole(server.target, name)));
    await root.end();
  });

  it("waits for another program that changes the cluster, names it, and gives up in time", async () => {
    const root = await server.connect();
    await root.query("set application_name = 'the other one'; select pg_advisory_lock(x'7067686172626f72'::bigint)");
    const progress: string[] = [];
    const target = { ...server.target, lockTimeoutMs: 700, onProgress: (line: string) => void progress.push(line) };
    const message = await refusal(applyRole(target, { next: { name: "late" } }));
    expect(message).toMatch(
      /^advisory lock: another program has been changing this cluster for more than 1 s, got pid \d+, the other one from/,
    );
    expect(progress[0]).toMatch(/^waiting for another program that changes this cluster: pid \d+, the other one from/);
    const waiting = applyRole({ ...target, lockTimeoutMs: 10_000 }, { next: { name: "late" } });
    setTimeout(() => void root.end(), 300);
    expect((await waiting).executed).toEqual([`CREATE ROLE "late" LOGIN`]);
  });

  it("succeeds although others change the same rows without the lock", async () => {
    const root = await server.connect();
    await root.query("create database busy");
    let stop = false;
    const others = [0, 1].map(async (n) => {
      const other = await server.connect();
      while (!stop) await other.query(`alter database busy set work_mem to '${n + 1}MB'`).catch(() => undefined);
      await other.end();
    });
    for (let i = 0; i < 15; i++) {
      const parameters = { maintenance_work_mem: `${i + 1}MB` };
      await import("../../packages/sql/src").then(({ applyDatabase }) =>
        applyDatabase(server.target, { previous: { name: "busy" }, next: { name: "busy", parameters } }),
      );
    }
    stop = true;
    await Promise.all(others);
    await root.end();
  });
});

describe("a server without TLS", () => {
  let server: PostgresContainer;
  beforeAll(async () => (server = await startPostgres({ tls: false, hba: ["host all all all scram-sha-256"] })));
  afterAll(() => server?.remove());

  it("is refused before any password is sent", async () => {
    expect(await refusal(connects(server.target))).toBe(
      `127.0.0.1:${server.target.port}: the server does not speak TLS, got no TLS; turn TLS on there (ssl = on, ssl_cert_file, ssl_key_file); an unencrypted connection is never made`,
    );
    expect(await refusal(connects({ ...server.target, tls: false }))).toContain(
      "tls: false is only for a unix socket directory",
    );
  });
});

describe("a standby", () => {
  let server: PostgresContainer;
  beforeAll(async () => (server = await startPostgres()));
  afterAll(() => server?.remove());

  it("is waited for until it is promoted", async () => {
    await server.exec("touch", "/var/lib/postgresql/test/data/standby.signal");
    await server.restart();
    const short = { ...server.target, readyTimeoutMs: 1_000 };
    expect(await refusal(connects(short))).toBe(
      `127.0.0.1:${server.target.port}: the server cannot be written to, got it is a standby; give an address that leads to the primary, or wait until one is elected`,
    );
    let promoted: Promise<string> | undefined;
    const onProgress = (line: string): void => {
      if (line.includes("it is a standby")) promoted ??= server.exec("psql", "-c", "select pg_promote()");
    };
    const { executed } = await applyRole({ ...server.target, onProgress }, { next: { name: "after" } });
    expect(executed).toEqual([`CREATE ROLE "after" LOGIN`]);
    expect(await promoted).toContain("pg_promote");
  });
});
