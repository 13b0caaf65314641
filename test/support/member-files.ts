import { systemUsers, type DeferredValues } from "@pgharbor/core";
import { renderPostInitSql } from "../../packages/core/src/render/postgres/post-init-sql";
import type { TestCertificates } from "./test-certificates";

/** The name of the pod, which its certificates contain. */
export const SERVER_NAME = "shop-m1";

export interface MemberFilesOptions {
  deferred: DeferredValues;
  certificates: TestCertificates;
  /** The PostgreSQL major in the image. */
  major?: string;
  /** Patroni's store: an etcd beside it without TLS, or Kubernetes. */
  store: { etcd3: object } | { kubernetes: object };
  /** The number of the member in a shared network: 2 uses the next ports. @default 1 */
  ordinal?: number;
}

export const ETCD_BESIDE = { etcd3: { hosts: ["127.0.0.1:2379"], protocol: "http" } };

/** The files of a one-member cluster that needs only its store. The YAML is written as JSON, which is a subset. */
export function memberFiles({
  deferred,
  certificates,
  major = "17",
  store,
  ordinal = 1,
}: MemberFilesOptions): Record<string, string> {
  const { passwords } = deferred;
  return {
    "ca.crt": certificates.ca,
    "tls.crt": certificates.cert,
    "tls.key": certificates.key,
    "admin.password": "a console's password",
    "check.password": passwords.check,
    "post-init.sql": renderPostInitSql(deferred),
    "hooks.json": JSON.stringify(hooks),
    "patroni/00-member.yml": JSON.stringify({
      scope: "shop",
      name: `m${ordinal}`,
      ...store,
      restapi: {
        listen: `0.0.0.0:${8007 + ordinal}`,
        connect_address: `${SERVER_NAME}:${8007 + ordinal}`,
        authentication: { username: systemUsers.rest, password: passwords.rest },
        cafile: current("ca.crt"),
        certfile: current("tls.crt"),
        keyfile: current("tls.key"),
      },
      ctl: { cacert: current("ca.crt") },
      postgresql: postgresql(passwords, major, 5431 + ordinal),
    }),
    "patroni/10-bootstrap.yml": JSON.stringify({ bootstrap }),
  };
}

const current = (file: string): string => `/etc/pgharbor/current/${file}`;

const hooks = {
  adminUser: "console",
  adminPasswordFile: "admin.password",
  checkUser: systemUsers.check,
  checkPasswordFile: "check.password",
  drainTimeoutSeconds: 5,
  resumeTimeoutSeconds: 10,
  poolersHost: "127.0.0.1",
  poolersPorts: [6432, 6433],
  // Postgres itself, because there is no HAProxy.
  primaryHost: "127.0.0.1",
  primaryPort: 5432,
  poolersServerName: SERVER_NAME,
  tlsServerName: SERVER_NAME,
};

const postgresql = (passwords: DeferredValues["passwords"], major: string, port: number): object => ({
  listen: `0.0.0.0:${port}`,
  connect_address: `${SERVER_NAME}:${port}`,
  bin_dir: `/usr/lib/postgresql/${major}/bin`,
  data_dir: "/var/lib/postgresql/data/pgdata",
  pgpass: "/run/postgresql/.pgpass",
  use_unix_socket: true,
  authentication: {
    superuser: { username: systemUsers.superuser },
    replication: { username: systemUsers.replication, password: passwords.replication },
    rewind: { username: systemUsers.rewind, password: passwords.rewind },
  },
  before_stop: "pgharbor-before-stop",
  callbacks: { on_start: "pgharbor-on-role-change", on_role_change: "pgharbor-on-role-change" },
  parameters: {
    ssl: "on",
    ssl_ca_file: current("ca.crt"),
    ssl_cert_file: current("tls.crt"),
    ssl_key_file: current("tls.key"),
    unix_socket_directories: "/run/postgresql",
    log_statement: "all",
    shared_buffers: "32MB",
    shared_preload_libraries: "pg_stat_statements",
  },
});

const bootstrap = {
  dcs: {
    ttl: 20,
    loop_wait: 1,
    retry_timeout: 3,
    primary_start_timeout: 0,
    postgresql: {
      use_pg_rewind: true,
      pg_hba: ["local all postgres peer", "hostssl all,replication all all scram-sha-256"],
    },
  },
  initdb: [{ encoding: "UTF8" }, { locale: "C.UTF-8" }, { "auth-local": "peer" }, { "auth-host": "scram-sha-256" }],
  post_init: "pgharbor-post-init",
};
