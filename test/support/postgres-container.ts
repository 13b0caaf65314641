import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { Client } from "pg";
import * as tar from "tar-stream";
import { ensureDocker, ensureImages } from "@pgharbor/toolchain";
import type { SqlTarget } from "../../packages/sql/src";
import { testCertificates } from "./test-certificates";
import { withoutFrames } from "../../packages/pgharbor/src/clients/docker/container-log";

/** The uid and gid of the image's `postgres` user. */
const UID = 102;
const GID = 104;
const FOLDER = "/var/lib/postgresql/test";
const READY_MS = 60_000;

export interface PostgresOptions {
  /** @default "17" */
  major?: string;
  /** @default true */
  tls?: boolean;
  /** Lines of pg_hba.conf for connections from outside. @default TLS and SCRAM for everybody */
  hba?: string[];
  /** Additional lines of postgresql.conf. */
  settings?: string[];
}

/** A PostgreSQL server in a separate container, without Patroni; remove() deletes all of it. */
export interface PostgresContainer {
  /** The server's superuser. */
  target: SqlTarget;
  /** The server's log so far. */
  logs(): Promise<string>;
  /** Connects with TLS verified; as the superuser to `postgres` by default. */
  connect(user?: { user: string; password: string; database?: string }): Promise<Client>;
  /** The address for other containers. */
  address(): Promise<string>;
  /** Runs a command in the container, as the server's user. */
  exec(...command: string[]): Promise<string>;
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * The server starts once its files exist. Passwords and keys are passed as files, never in environment or arguments.
 */
const START = `set -e; cd ${FOLDER}
[ -d data ] || { initdb -D data -U postgres --pwfile=password --auth-host=scram-sha-256 --auth-local=trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  cp pg_hba.conf data/; cat settings.conf >> data/postgresql.conf; rm password; }
exec postgres -D data`;

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresContainer> {
  const { major = "17", tls = true } = options;
  const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
  const docker = (await ensureDocker(progress)).client;
  const images = await ensureImages(docker, { pgMajors: [major] }, progress);
  const password = randomBytes(18).toString("base64url");
  const { ca, cert, key } = await testCertificates("localhost", ["127.0.0.1"]);
  const container = await docker.createContainer({
    name: `pgharbor-test-sql-${major}-${randomBytes(4).toString("hex")}`,
    Image: images.postgres[major],
    Entrypoint: ["/bin/sh", "-c", START],
    Cmd: [],
    Healthcheck: { Test: ["NONE"] },
    ExposedPorts: { "5432/tcp": {} },
    HostConfig: { PortBindings: { "5432/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] }, ShmSize: 256 << 20 },
  });
  try {
    const hba = options.hba ?? ["hostssl all all all scram-sha-256"];
    await container.putArchive(
      pack({
        password: `${password}\n`,
        "server.crt": cert,
        "server.key": key,
        "pg_hba.conf": ["local all all trust", ...hba, ""].join("\n"),
        "settings.conf": [
          "listen_addresses = '*'",
          "fsync = off",
          ...(tls
            ? ["ssl = on", `ssl_cert_file = '${FOLDER}/server.crt'`, `ssl_key_file = '${FOLDER}/server.key'`]
            : []),
          ...(options.settings ?? []),
          "",
        ].join("\n"),
      }),
      { path: "/var/lib/postgresql" },
    );
    await container.start();
    const port = await publishedPort(container);
    const target: SqlTarget = { host: "127.0.0.1", port, user: "postgres", password, tls: { ca } };
    const server = serverOf(container, target);
    await waitUntilReady(server);
    return server;
  } catch (error) {
    await container.remove({ force: true, v: true });
    throw error;
  }
}

function pack(files: Record<string, string>): NodeJS.ReadableStream {
  const archive = tar.pack();
  archive.entry({ name: "test/", type: "directory", mode: 0o700, uid: UID, gid: GID });
  for (const [name, text] of Object.entries(files)) {
    archive.entry({ name: `test/${name}`, mode: 0o600, uid: UID, gid: GID }, text);
  }
  archive.finalize();
  return archive as unknown as NodeJS.ReadableStream;
}

async function publishedPort(container: Docker.Container): Promise<number> {
  const { NetworkSettings } = await container.inspect();
  return Number(NetworkSettings.Ports["5432/tcp"]?.[0]?.HostPort);
}

function serverOf(container: Docker.Container, target: SqlTarget): PostgresContainer {
  const logs = async (): Promise<string> => {
    const raw = await container.logs({ stdout: true, stderr: true, follow: false });
    return withoutFrames(raw);
  };
  const server: PostgresContainer = {
    target,
    logs,
    async connect(user = { user: target.user, password: target.password }) {
      const ssl = { ca: (target.tls as { ca: string }).ca, rejectUnauthorized: true };
      const client = new Client({ host: target.host, port: target.port, database: "postgres", ssl, ...user });
      client.on("error", () => undefined);
      await client.connect();
      return client;
    },
    address: async () => Object.values((await container.inspect()).NetworkSettings.Networks)[0].IPAddress,
    exec: (...command) => execIn(container, command),
    async restart() {
      await container.restart({ t: 10 });
      // The engine chooses a new port after each start.
      target.port = await publishedPort(container);
      await waitUntilReady(server);
    },
    async remove() {
      await container.remove({ force: true, v: true });
    },
  };
  return server;
}

async function execIn(container: Docker.Container, command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true, User: `${UID}:${GID}` });
  const stream = await exec.start({});
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  const output = withoutFrames(Buffer.concat(parts));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${command.join(" ")}: exit code ${ExitCode}: ${output}`);
  return output;
}

async function waitUntilReady(server: PostgresContainer): Promise<void> {
  for (const deadline = Date.now() + READY_MS; ; await sleep(100)) {
    try {
      await server.exec("pg_isready", "-q", "-h", "/run/postgresql");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not start: ${await server.logs()}`, { cause: error });
    }
  }
}
