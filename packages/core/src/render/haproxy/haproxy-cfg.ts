import { paths } from "../../names";
import { defaultServerOptions } from "../../model/ha";
import type { ClusterModel, ResolvedService } from "../../model/types";
import { ports } from "../../ports";
import { ADMIN_CONNECTIONS } from "../../model/connection-budget";
import { banner } from "../text/banner";
import { healthChecks, renderHealthCheck } from "./health-checks";
import { renderSection, serviceSection, type Section } from "./service-section";

/** Maximum number of clients of an internal section. */
const INNER_MAXCONN = 100;

/**
 * haproxy.cfg of a gateway. `within`: the address for members and poolers, which clients cannot use and `hba` rules do not cover. In a pod
 * it is every address, and NetworkPolicies restrict access.
 */
export function renderHaproxyCfg(model: ClusterModel, services: readonly ResolvedService[], within = "*"): string {
  const sections = [
    hooksSection(model, services, within),
    adminSection(model, services),
    ...services.map((service) => serviceSection(model, service, within)),
  ];
  return [
    banner("#"),
    renderGlobal(sections),
    renderDefaults(model),
    resolvers,
    ...healthChecks(sections, model.members).map(renderHealthCheck),
    ...sections.sort((a, b) => (a.name < b.name ? -1 : 1)).map(renderSection),
  ].join("\n");
}

/** Port to the primary that Patroni's hooks check before poolers resume. */
const hooksSection = (model: ClusterModel, services: readonly ResolvedService[], within: string): Section => ({
  ...innerSection(model, services),
  // The dot keeps it apart from services.
  name: "hooks.primary",
  bind: `${within}:${ports.primaryCheck}`,
});

/** Port for pgharbor's own SQL, so that clients of a service cannot delay it. */
const adminSection = (model: ClusterModel, services: readonly ResolvedService[]): Section => ({
  ...innerSection(model, services),
  name: "admin.primary",
  bind: `127.0.0.1:${ports.primaryAdmin}`,
  logged: model.logging.connections,
  limits: { primary: ADMIN_CONNECTIONS },
});

/** Tracks the same check as the first service of the primary, so that its result holds for that service too. */
function innerSection(model: ClusterModel, services: readonly ResolvedService[]): Omit<Section, "name" | "bind"> {
  const followed = services.filter((service) => service.followsPrimary);
  const first = followed.find((service) => service.pool !== undefined) ?? followed[0];
  return {
    balance: "roundrobin",
    maxconn: INNER_MAXCONN,
    memberPort: ports.postgres,
    tls: false,
    addressRules: [],
    logged: false,
    followsPrimary: true,
    checkPort: first?.checkPort ?? ports.patroni,
    checkPath: first?.checkPath ?? "/primary",
    checkCode: first?.checkCode ?? 200,
    defaultServerOptions: first?.defaultServerOptions ?? defaultServerOptions(model.haMode, true),
    servers: model.members
      .filter((member) => member.electable)
      .map((member) => ({ member, whileRole: "any", backup: false })),
  };
}

const renderGlobal = (sections: readonly Section[]): string => `\
global
  # Files beside this one.
  default-path config
  log stdout format raw local0 notice
  # As many descriptors as every service at its limit would take, where the container may have that many. With \`maxconn\`
  # in its place HAProxy would not start where it may not.
  fd-hard-limit ${descriptors(sections)}
  stats socket ${paths.haproxyAdmin} mode 600 level admin
  # Written just before a reload, so that the new worker knows from the start who is up.
  server-state-file ${paths.haproxyAdmin.replace("admin.sock", "servers.state")}
  # After a reload the old worker keeps its sessions, this long at most. Poolers renew theirs within an hour.
  hard-stop-after 2h
`;

/** Two for each connection, and a reserve for checks, sockets and workers. */
const descriptors = (sections: readonly Section[]): number =>
  sections.reduce((sum, section) => sum + 2 * section.maxconn, 500);

/**
 * A PostgreSQL session may be idle for hours, in a pool or at a prompt, and cutting it is an error for its client. So idle sessions stay,
 * and TCP keepalive detects dead peers.
 */
const renderDefaults = (model: ClusterModel): string => `\
defaults
  mode tcp
  log global
  timeout connect ${connectTimeout(model)}ms
  # Who finds a service at its limit waits this long for a place, and is then refused.
  timeout queue 5s
  timeout check 3s
  timeout client 24h
  timeout server 24h
  option clitcpka
  clitcpka-idle 60s
  clitcpka-intvl 10s
  clitcpka-cnt 3
  option srvtcpka
  srvtcpka-idle 60s
  srvtcpka-intvl 10s
  srvtcpka-cnt 3
  # A server that refuses, or does not answer, is not tried again where there is another.
  retries 3
  option redispatch 1
  load-server-state-from-file global
  # Unknown until DNS answers, and then checked at once; the C library would hold up the start for a member that is gone.
  # A member that stands twice in a service has one address twice.
  default-server resolvers dns resolve-opts allow-dup-ip init-addr last,none tcp-ut ${model.ha.ttl}s
`;

/** A quarter of Patroni's loop, 500 ms in mode fast: slow networks use slow modes. */
const connectTimeout = (model: ClusterModel): number => Math.min(5000, Math.max(500, model.ha.loopWait * 250));

/**
 * A recreated container may have another address: the old one is invalid as soon as an answer lacks it. Failed lookups change nothing: a
 * DNS server that is down or does not know a name is no failure of Postgres, and its sessions must not be closed by putting the server into
 * maintenance.
 */
const resolvers = `\
resolvers dns
  parse-resolv-conf
  accepted_payload_size 8192
  resolve_retries 3
  timeout resolve 1s
  timeout retry 1s
  hold valid 1s
  hold nx 24d
  hold obsolete 0s
  hold other 24d
  hold refused 24d
  hold timeout 24d
`;
