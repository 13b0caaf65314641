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
import type { ClusterModel, ResolvedService } from "../model/types";
import type { GatewayUnit, PlannedContainer, PlannedMount, PlannedPort } from "./types";

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
export function planGateways(model: ClusterModel): GatewayUnit[] {
  const { services } = model;
  if (model.platform === "kubernetes") {
    const name = names.gateway(model.name);
    return [planGateway(model, services, name, podNames(name), false)];
  }
  return Array.from({ length: model.gateways }, (_, i) => {
    const its = dockerNames(model.name, i + 1);
    return planGateway(model, services, its.haproxy, its, !model.autoPorts && i === 0);
  });
}

/** The gateway of a service that was added to a running cluster. */
export function planServiceGateway(model: ClusterModel, service: ResolvedService): GatewayUnit {
  if (model.platform === "kubernetes") {
    const name = names.serviceGateway(model.name, service.name);
    return planGateway(model, [service], name, podNames(name), false);
  }
  const its = dockerServiceNames(model.name, service.name);
  return planGateway(model, [service], its.haproxy, its, !model.autoPorts);
}

/** One HAProxy, and one PgBouncer for each pooled service, joined by unix sockets where PostgreSQL's version allows it. */
function planGateway(
  model: ClusterModel,
  services: ResolvedService[],
  name: string,
  its: GatewayNames,
  fixedPorts: boolean,
): GatewayUnit {
  const published = (service: ResolvedService, internal: number): PlannedPort => ({
    service: service.name,
    internal,
    external: fixedPorts ? service.port : undefined,
    bindAddress: service.bindAddress,
  });
  const direct = services.filter((s) => s.pool === undefined).map((s) => published(s, s.port));
  const haproxy = haproxyContainer(model, services, its, direct);
  const poolers = services
    .filter((s) => s.pool !== undefined)
    .map((service) => {
      const port = service.poolerPort ?? ports.pgbouncer;
      return { service, port, container: poolerContainer(model, service, its, [published(service, port)]) };
    });
  const containers = [haproxy, ...poolers.map(({ container }) => container)];
  return { name, host: LOCAL_HOST, haproxy, poolers, containers };
}

/** A name that members' certificates cover: where a pooler's TLS passes through, it verifies this. In a pod it is the loopback's. */
const ownName = (model: ClusterModel, its: GatewayNames): string =>
  model.platform === "kubernetes" ? aliases.haproxy(model.name) : aliases.service(model.name, its.haproxy);

const sockets = (model: ClusterModel, its: GatewayNames): PlannedMount[] =>
  model.poolerLink === "unix" ? [{ volume: its.sockets, path: paths.sockets, data: false }] : [];

function haproxyContainer(
  model: ClusterModel,
  services: ResolvedService[],
  its: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const direct = services.filter((s) => s.pool === undefined);
  const within = model.platform === "docker" ? ownName(model, its) : "*";
  return {
    name: its.haproxy,
    program: "haproxy",
    image: "gateway",
    networks: [
      { network: "clients", aliases: direct.map((s) => aliases.service(model.name, s.name)) },
      // The hooks of members ask it, and poolers beside it.
      { network: "members", aliases: [aliases.haproxy(model.name), ownName(model, its)] },
    ],
    ...owners.haproxy,
    files: [
      plainFile("haproxy.cfg", () => renderHaproxyCfg(model, services, within)),
      caFile(),
      certificateBundle(names.identity(its.haproxy), CHECK_IDENTITY),
    ],
    volumes: sockets(model, its),
    ports: published,
    labels: labels(model.name, "haproxy", model.labels),
    // HAProxy stops softly: sessions may end by themselves until then.
    stopTimeout: 15,
  };
}

function poolerContainer(
  model: ClusterModel,
  service: ResolvedService,
  its: GatewayNames,
  published: PlannedPort[],
): PlannedContainer {
  const name = its.pooler(service.name);
  return {
    name,
    program: "pgbouncer",
    image: "gateway",
    networks: [
      { network: "clients", aliases: [aliases.service(model.name, service.name)] },
      { network: "members", aliases: service.followsPrimary ? [aliases.poolers(model.name)] : [] },
    ],
    ...owners.pgbouncer,
    files: [
      plainFile("pgbouncer.ini", () => renderPgbouncerIni(model, service, ownName(model, its))),
      plainFile("hba.conf", () => renderPgbouncerHba(model, service.name)),
      secretFile("userlist.txt", renderUserlist),
      // Whoever paused the pooler may die; then it resumes by itself.
      plainFile("resume-deadline", () => `${model.drainTimeout + 15}\n`),
      passwordFile("admin.password", "poolerConsole"),
      caFile(),
      ...certificateFiles(name),
    ],
    volumes: sockets(model, its),
    ports: published,
    labels: labels(model.name, "pooler", model.labels),
    stopTimeout: 15,
  };
}
