import { paths } from "../../names";
import { serverLimit } from "../../model/claims";
import type { ClusterModel, ResolvedServer, ResolvedService } from "../../model/types";
import type { Limits } from "../../model/connection-budget";
import { addressRules } from "./address-rules";
import { healthCheckName, type Checked } from "./health-checks";
import { addressFor } from "./member-address";
import { splitServerOptions } from "./server-options";
import { addressWord, word } from "./word";

/** Fields of a `listen` section. */
export interface Section extends Checked {
  name: string;
  bind: string;
  balance: string;
  maxconn: number;
  limits?: Limits;
  memberPort: number;
  followsPrimary: boolean;
  /** Opens TLS to PostgreSQL because the client of this section does not. */
  tls: boolean;
  /** Access rules by address. */
  addressRules: string[];
  /** Logs a line for each connection. */
  logged: boolean;
}

/** A service's section: a direct one on its port, a pooled one on the address of its pooler. */
export function serviceSection(model: ClusterModel, service: ResolvedService, within: string): Section {
  const pooled = service.pool !== undefined;
  return {
    ...service,
    bind: bind(model, service, within),
    tls: pooled && model.poolerLink === "unix",
    // The pooler of a pooled service checks addresses itself, and knows more.
    addressRules: pooled ? [] : addressRules(model, service.name),
    logged: !pooled && model.logging.connections,
  };
}

function bind(model: ClusterModel, service: ResolvedService, within: string): string {
  const { pool, poolerBackend: port } = service;
  if (pool === undefined || port === undefined) return `*:${service.port}`;
  // PgBouncer uses libpq's socket names. PgBouncer runs as our user; nobody else may connect here.
  return model.poolerLink === "unix" ? `unix@${paths.sockets}/.s.PGSQL.${port} mode 600` : `${within}:${port}`;
}

export function renderSection(section: Section): string {
  const { server: options } = splitServerOptions(section.defaultServerOptions);
  const backups = section.servers.filter((server) => server.backup).length;
  return [
    `listen ${word(section.name)}`,
    `  bind ${section.bind}`,
    `  maxconn ${section.maxconn}`,
    `  balance ${section.balance}`,
    // During a failover the old primary may still count as up: better no server for a moment than the wrong one.
    ...(section.followsPrimary ? [`  tcp-request connection reject if { nbsrv(${word(section.name)}) gt 1 }`] : []),
    ...section.addressRules.map((line) => `  ${line}`),
    ...(section.logged ? connectionLog : []),
    // By default only the first backup that is up is used.
    ...(backups > 1 ? ["  option allbackups"] : []),
    ...(options === "" ? [] : [`  default-server ${options}`]),
    // PostgreSQL 17 accepts TLS from the first byte with this ALPN name, so no SSLRequest of a client is needed.
    ...(section.tls ? ["  default-server ssl alpn postgresql verify required ca-file ca.crt"] : []),
    ...section.servers.map((server, index) => renderServer(section, server, serverName(section.servers, index))),
    "",
  ].join("\n");
}

/** Logged once the server is connected, not at the end. `%bi:%bp` is host and port in PostgreSQL's line. */
const connectionLog = [
  // Replaces the inherited log, which omits connections.
  "  no log",
  "  log stdout format raw local0 info",
  "  option logasap",
  '  log-format "connection service=%f client=%ci:%cp member=%s server=%bi:%bp state=%ts"',
];

function renderServer(section: Section, server: ResolvedServer, name: string): string {
  const host = word(server.member.hostname);
  const address = addressWord(`${addressFor(server.member, [section.memberPort])}:${section.memberPort}`);
  const tls = section.tls ? ` sni str(${host}) verifyhost ${host}` : "";
  const track = `track ${healthCheckName(section, server)}/${word(server.member.name)}`;
  return `  server ${word(name)} ${address} ${track}${tls}${maxconn(section, server)}${server.backup ? " backup" : ""}`;
}

/** Connections above the limit wait (`timeout queue`). A written option can only lower it. */
function maxconn(section: Section, server: ResolvedServer): string {
  const limit = serverLimit(section, server);
  const written = / maxconn (\d+)/.exec(` ${section.defaultServerOptions}`)?.[1];
  // 0 means no limit in HAProxy.
  return limit === undefined ? "" : ` maxconn ${Math.min(limit, Number(written ?? 0) || limit)}`;
}

/** A member may be listed twice: as a regular server in one role, and as a backup in the other. */
function serverName(servers: readonly ResolvedServer[], index: number): string {
  const server = servers[index] as ResolvedServer;
  const again = servers.findIndex((other) => other.member === server.member) < index;
  return again ? `${server.member.name}-${server.whileRole}` : server.member.name;
}
