import { paths, systemUsers } from "../../names";
import type { ClusterModel, ResolvedPool, ResolvedService } from "../../model/types";
import { ports } from "../../ports";
import { LOOKUPS } from "../../model/connection-budget";
import { POOLER_LOOKUP } from "../postgres/post-init-sql";
import { banner } from "../text/banner";
import { TLS12_CIPHERS } from "../tls-ciphers";
import { connectString, iniLines, iniSection, type IniValues } from "./ini";

/** pgbouncer.ini of one pooled service. `haproxyHost`: its gateway's HAProxy, if they are linked by TCP. */
export function renderPgbouncerIni(model: ClusterModel, service: ResolvedService, haproxyHost: string): string {
  const { pool, poolerBackend: port } = service;
  if (pool === undefined || port === undefined) throw new Error(`service ${service.name} has no pooler`);
  const host = model.poolerLink === "unix" ? paths.sockets : haproxyHost;
  return [
    banner(";"),
    iniSection("databases", { ...databases({ host, port }, pool), [LOOKUP_DATABASE]: lookups({ host, port }) }),
    iniLines({ "*": connectString({ host, port }) }),
    "\n",
    iniSection("pgbouncer", {
      ...waiting(model),
      ...poolSettings(pool),
      ...sessions(model, pool),
      ...access(service),
      ...logging(model),
      ...serverTls(model),
    }),
    ...users(pool),
  ].join("");
}

/** Separate database for password lookups: through `postgres` they would use as many connections as a pool has. */
const LOOKUP_DATABASE = "pgharbor_lookup";
const lookups = (server: IniValues): string =>
  connectString({ ...server, dbname: "postgres", pool_size: LOOKUPS, reserve_pool_size: 0 });

/** Databases with separate settings; settings left out are those of [pgbouncer]. */
const databases = (server: IniValues, { databases = {} }: ResolvedPool): IniValues =>
  mapValues(databases, ({ mode, size, reserveSize }) =>
    connectString({ ...server, ...given({ pool_mode: mode, pool_size: size, reserve_pool_size: reserveSize }) }),
  );

/** A user listed here but not in userlist.txt is still looked up by auth_query. */
function users({ users = {} }: ResolvedPool): string[] {
  if (Object.keys(users).length === 0) return [];
  const settings = mapValues(users, ({ mode, maxConnections }) =>
    connectString(given({ pool_mode: mode, max_user_connections: maxConnections })),
  );
  return ["\n", iniSection("users", settings)];
}

const mapValues = <T>(values: Record<string, T>, f: (value: T) => string): IniValues =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, f(value)]));

const given = (values: Record<string, string | number | undefined>): IniValues =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

const poolSettings = (pool: ResolvedPool): IniValues => ({
  pool_mode: pool.mode,
  default_pool_size: pool.size,
  reserve_pool_size: pool.reserveSize,
  max_db_connections: pool.maxDbConnections,
  max_client_conn: pool.maxClientConnections,
  // Drivers use named statements even if each transaction may get another server connection.
  max_prepared_statements: 200,
  // Ends connections to an old HAProxy, and finds a returned member, without manual work.
  server_lifetime: 3600,
  // The pooler has one limit for all databases: an idle database frees its connections for the others soon.
  server_idle_timeout: 60,
  // A client that continues after a server error gets a working connection sooner.
  server_check_delay: 10,
});

/**
 * PgBouncer restores a client's settings on whatever server connection it gets. It knows only those that PostgreSQL reports
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-ASYNC).
 */
const sessions = ({ postgresMajor }: ClusterModel, pool: ResolvedPool): IniValues => ({
  track_extra_parameters: [
    "IntervalStyle",
    "default_transaction_read_only",
    ...(postgresMajor >= 18 ? ["search_path"] : []),
  ].join(", "),
  // JDBC sends the first; PostgreSQL 12 and later do not need it.
  ignore_startup_parameters: [...new Set(["extra_float_digits", ...pool.ignoreStartupParameters])].join(", "),
  server_reset_query_always: Number(pool.resetAfterTransaction),
});

/** After a failed login PgBouncer drops every client that needs a server until the next try; its default is 15 s. */
const waiting = (model: ClusterModel): IniValues => ({
  server_login_retry: 1,
  server_connect_timeout: 5,
  // Longer than a planned switchover holds clients.
  query_wait_timeout: model.drainTimeout + 30,
});

const access = (service: ResolvedService): IniValues => ({
  listen_addr: "0.0.0.0",
  listen_port: service.poolerPort ?? ports.pgbouncer,
  unix_socket_dir: paths.poolerSocket,
  unix_socket_mode: "0700",
  auth_type: "hba",
  auth_hba_file: `${paths.config}/hba.conf`,
  auth_file: `${paths.config}/userlist.txt`,
  auth_user: systemUsers.poolerAuth,
  auth_dbname: LOOKUP_DATABASE,
  auth_query: `SELECT username, verifier FROM ${POOLER_LOOKUP}($1)`,
  admin_users: systemUsers.poolerConsole,
  client_tls_sslmode: "require",
  client_tls_protocols: "secure",
  client_tls_ciphers: TLS12_CIPHERS,
  client_tls_cert_file: `${paths.config}/tls.crt`,
  client_tls_key_file: `${paths.config}/tls.key`,
});

const logging = ({ logging }: ClusterModel): IniValues => ({
  log_connections: Number(logging.connections),
  log_disconnections: Number(logging.disconnections),
  application_name_add_host: Number(logging.clientInApplicationName),
});

/** With the socket, HAProxy speaks TLS to the member; with TCP it passes PgBouncer's TLS through. */
const serverTls = (model: ClusterModel): IniValues =>
  model.poolerLink === "unix"
    ? { server_tls_sslmode: "disable" }
    : {
        server_tls_sslmode: "verify-full",
        server_tls_ca_file: `${paths.config}/ca.crt`,
        server_tls_protocols: "secure",
      };
