import { aliases, labels, names, paths } from "../names";
import { ports } from "../ports";
import { CHECK_IDENTITY } from "../render/haproxy/health-checks";
import { renderHaproxyCfg } from "../render/haproxy/haproxy-cfg";
import { renderPgbouncerHba } from "../render/pgbouncer/pgbouncer-hba";
import { renderPgbouncerIni } from "../render/pgbouncer/pgbouncer-ini";
import { renderUserlist } from "../render/pgbouncer/userlist";
import { caFile, certificateBundle, certificateFiles, passwordFile, plainFile, secretFile } from "./files-plan";
import { LOCAL_HOST } from "./members-plan";
import { owners } from "./owners";
import type { ClusterFacts, PlannedContainer, PlannedMount, PlannedPort, PlannedService } from "./types";

/** Names of the containers of one gateway, or of one service added later. */
export interface GatewayNames {
  haproxy: string;
  pooler(service: string): string;
  sockets: string;
}
const dockerNames = (cluster: string, gateway: number): GatewayNames => ({
  haproxy: names.haproxy(cluster, gateway),
  pooler: (service) => names.pooler(cluster, gateway, service),
  sockets: names.sockets(cluster, gateway),
});
const dockerServiceNames = (cluster: string, service: string): GatewayNames => ({
  haproxy: names.serviceHaproxy(cluster, service),
  pooler: () => names.servicePooler(cluster, service),
  sockets: names.serviceSockets(cluster, service),
});
/** Containers of the pods of one Deployment. */
const podNames = (gateway: string): GatewayNames => ({
  haproxy: names.gatewayHaproxy(gateway),
  pooler: (service) => names.gatewayPooler(gateway, service),
  sockets: "sockets",
});

/** The gateways of a cluster: on Docker each has containers of its own, on Kubernetes they are replicas of one Deployment. */
export function planGateways(facts: ClusterFacts, services: PlannedService[]): PlannedContainer[] {
  if (facts.platform === "kubernetes") return planGateway(facts, services, podNames(names.gateway(facts.name)), false);
  return Array.from({ length: facts.gateways }, (_, i) =>
    planGateway(facts, services, dockerNames(facts.name, i + 1), !facts.autoPorts && i === 0),
  ).flat();
}

/** The containers of a service that was added to a running cluster. */
export function planServiceGateway(facts: ClusterFacts, service: PlannedService): PlannedContainer[] {
  if (facts.platform === "kubernetes")
    return planGateway(facts, [service], podNames(names.serviceGateway(facts.name, service.name)), false);
  return planGateway(facts, [service], dockerServiceNames(facts.name, service.name), !facts.autoPorts);
}

/** One HAProxy, and one PgBouncer for each pooled service, joined by unix sockets where PostgreSQL's version allows it. */
function planGateway(
  facts: ClusterFacts,
  services: PlannedService[],
  its: GatewayNames,
  fixedPorts: boolean,
): PlannedContainer[] {
  const published = (service: PlannedService, internal: number): PlannedPort => ({
    service: service.name,
    internal,
    external: fixedPorts ? service.port : undefined,
    bindAddress: service.bindAddress,
  });
  const pooled = services.filter((s) => s.pool !== undefined);
  const direct = services.filter((s) => s.pool === undefined);
  return [
    haproxyContainer(
      facts,
      services,
      its,
      direct.map((s) => published(s, s.port)),
    ),
    ...pooled.map((s) => poolerContainer(facts, s, its, [published(s, s.poolerPort ?? ports.pgbouncer)])),
  ];
}

/** A name that members' certificates cover: where a pooler's TLS passes through, it verifies this. In a pod it is the loopback's. */
const ownName = (facts: ClusterFacts, its: GatewayNames): string =>
  facts.platform === "kubernetes" ? aliases.haproxy(facts.name) : aliases.service(facts.name, its.haproxy);

const sockets = (facts: ClusterFacts, its: GatewayNames): PlannedMount[] =>
  facts.poolerLink === "unix" ? [{ volume: its.sockets, path: paths.sockets, data: false }] : [];

function haproxyContainer(
  facts: ClusterFacts,
  services: PlannedService[],
  its: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const direct = services.filter((s) => s.pool === undefined);
  const within = facts.platform === "docker" ? ownName(facts, its) : "*";
  return {
    name: its.haproxy,
    program: "haproxy",
    image: "gateway",
    host: LOCAL_HOST,
    networks: [
      { network: "clients", aliases: direct.map((s) => aliases.service(facts.name, s.name)) },
      // The hooks of members ask it, and poolers beside it.
      { network: "members", aliases: [aliases.haproxy(facts.name), ownName(facts, its)] },
    ],
    ...owners.haproxy,
    files: [
      plainFile("haproxy.cfg", () => renderHaproxyCfg(facts, services, within)),
      caFile(),
      certificateBundle(names.identity(its.haproxy), CHECK_IDENTITY),
    ],
    volumes: sockets(facts, its),
    ports: published,
    labels: labels(facts.name, "haproxy", facts.labels),
    // HAProxy stops softly: sessions may end by themselves until then.
    stopTimeout: 15,
  };
}

function poolerContainer(
  facts: ClusterFacts,
  service: PlannedService,
  its: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const name = its.pooler(service.name);
  return {
    name,
    program: "pgbouncer",
    image: "gateway",
    host: LOCAL_HOST,
    networks: [
      { network: "clients", aliases: [aliases.service(facts.name, service.name)] },
      { network: "members", aliases: service.followsPrimary ? [aliases.poolers(facts.name)] : [] },
    ],
    ...owners.pgbouncer,
    files: [
      plainFile("pgbouncer.ini", () => renderPgbouncerIni(facts, service, ownName(facts, its))),
      plainFile("hba.conf", () => renderPgbouncerHba(facts, service.name)),
      secretFile("userlist.txt", renderUserlist),
      // Whoever paused the pooler may die; then it resumes by itself.
      plainFile("resume-deadline", () => `${facts.drainTimeout + 15}\n`),
      passwordFile("admin.password", "poolerConsole"),
      caFile(),
      ...certificateFiles(name),
    ],
    volumes: sockets(facts, its),
    ports: published,
    labels: labels(facts.name, "pooler", facts.labels),
    stopTimeout: 15,
  };
}
