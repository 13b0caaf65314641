import { aliases, labels, names, paths } from "../names";
import { ports } from "../ports";
import { CHECK_IDENTITY } from "../render/haproxy/health-checks";
import { renderHaproxyCfg } from "../render/haproxy/haproxy-cfg";
import { renderPgbouncerHba } from "../render/pgbouncer/pgbouncer-hba";
import { renderPgbouncerIni } from "../render/pgbouncer/pgbouncer-ini";
import { renderUserlist } from "../render/pgbouncer/userlist";
import { caFile, certificateBundle, certificateFiles, passwordFile, plainFile, secretFile } from "./files-plan";
import { LOCAL_HOST } from "../model/members";
import { owners } from "./owners";
import { poolerTlsNames } from "./tls-names";
import type { ClusterModel, ResolvedService } from "../model/types";
import type { GatewayUnit, PlannedContainer, PlannedMount, PlannedPort } from "./types";

/** Names of the containers of one gateway, or of one added service. */
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
/** Names of the containers in a Deployment's pods. */
const podNames = (gateway: string): GatewayNames => ({
  haproxy: names.gatewayHaproxy(gateway),
  pooler: (service) => names.gatewayPooler(gateway, service),
  sockets: "sockets",
});

/** The gateways of a cluster: on Docker each has separate containers, on Kubernetes they are replicas of one Deployment. */
export function planGateways(model: ClusterModel): GatewayUnit[] {
  const { services } = model;
  if (model.platform === "kubernetes") {
    const name = names.gateway(model.name);
    return [planGateway(model, services, name, podNames(name), false)];
  }
  return Array.from({ length: model.gateways }, (_, i) => {
    const gatewayNames = dockerNames(model.name, i + 1);
    return planGateway(model, services, gatewayNames.haproxy, gatewayNames, !model.autoPorts && i === 0);
  });
}

/** The gateway of a service that was added to a running cluster. */
export function planServiceGateway(model: ClusterModel, service: ResolvedService): GatewayUnit {
  if (model.platform === "kubernetes") {
    const name = names.serviceGateway(model.name, service.name);
    return planGateway(model, [service], name, podNames(name), false);
  }
  const gatewayNames = dockerServiceNames(model.name, service.name);
  return planGateway(model, [service], gatewayNames.haproxy, gatewayNames, !model.autoPorts);
}

/** One HAProxy, and one PgBouncer for each pooled service, connected by unix sockets if PostgreSQL's version allows it. */
function planGateway(
  model: ClusterModel,
  services: ResolvedService[],
  name: string,
  gatewayNames: GatewayNames,
  fixedPorts: boolean,
): GatewayUnit {
  const published = (service: ResolvedService, internal: number): PlannedPort => ({
    service: service.name,
    internal,
    external: fixedPorts ? service.port : undefined,
    bindAddress: service.bindAddress,
  });
  const direct = services.filter((s) => s.pool === undefined).map((s) => published(s, s.port));
  const haproxy = haproxyContainer(model, services, gatewayNames, direct);
  const poolers = services
    .filter((s) => s.pool !== undefined)
    .map((service) => {
      const port = service.poolerPort ?? ports.pgbouncer;
      return { service, port, container: poolerContainer(model, service, gatewayNames, [published(service, port)]) };
    });
  const containers = [haproxy, ...poolers.map(({ container }) => container)];
  return { name, host: LOCAL_HOST, haproxy, poolers, containers };
}

/** A name in members' certificates: a pooler whose TLS passes through verifies it. In a pod it resolves to the loopback. */
const ownName = (model: ClusterModel, gatewayNames: GatewayNames): string =>
  model.platform === "kubernetes" ? aliases.haproxy(model.name) : aliases.service(model.name, gatewayNames.haproxy);

const sockets = (model: ClusterModel, gatewayNames: GatewayNames): PlannedMount[] =>
  model.poolerLink === "unix" ? [{ volume: gatewayNames.sockets, path: paths.sockets, data: false }] : [];

function haproxyContainer(
  model: ClusterModel,
  services: ResolvedService[],
  gatewayNames: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const direct = services.filter((s) => s.pool === undefined);
  const within = model.platform === "docker" ? ownName(model, gatewayNames) : "*";
  return {
    name: gatewayNames.haproxy,
    program: "haproxy",
    image: "gateway",
    identity: { authority: "checks", role: "client" },
    networks: [
      { network: "clients", aliases: direct.map((s) => aliases.service(model.name, s.name)) },
      // The members' hooks connect to it, and so do the poolers beside it.
      { network: "members", aliases: [aliases.haproxy(model.name), ownName(model, gatewayNames)] },
    ],
    ...owners.haproxy,
    files: [
      plainFile("haproxy.cfg", () => renderHaproxyCfg(model, services, within)),
      caFile(),
      certificateBundle(names.identity(gatewayNames.haproxy), CHECK_IDENTITY),
    ],
    volumes: sockets(model, gatewayNames),
    ports: published,
    labels: labels(model.name, "haproxy", model.labels),
    // HAProxy stops softly: sessions may finish until then.
    stopTimeout: 15,
  };
}

function poolerContainer(
  model: ClusterModel,
  service: ResolvedService,
  gatewayNames: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const name = gatewayNames.pooler(service.name);
  return {
    name,
    program: "pgbouncer",
    image: "gateway",
    // It has no identity: it logs in with passwords.
    tlsNames: poolerTlsNames(model, service),
    networks: [
      { network: "clients", aliases: [aliases.service(model.name, service.name)] },
      { network: "members", aliases: service.followsPrimary ? [aliases.poolers(model.name)] : [] },
    ],
    ...owners.pgbouncer,
    files: [
      plainFile("pgbouncer.ini", () => renderPgbouncerIni(model, service, ownName(model, gatewayNames))),
      plainFile("hba.conf", () => renderPgbouncerHba(model, service.name)),
      secretFile("userlist.txt", renderUserlist),
      // The program that paused the pooler may die, so the pooler then resumes by itself.
      plainFile("resume-deadline", () => `${model.drainTimeout + 15}\n`),
      passwordFile("admin.password", "poolerConsole"),
      caFile(),
      ...certificateFiles(name),
    ],
    volumes: sockets(model, gatewayNames),
    ports: published,
    labels: labels(model.name, "pooler", model.labels),
    stopTimeout: 15,
  };
}
