import { names } from "../../names";
import { defaultServices, keptDefaults, type AskedService } from "../../model/asked-services";
import { poolShare } from "../../model/claims";
import { isPooled } from "../../model/service-meaning";
import type { ClusterModel, PlatformName } from "../../model/types";
import { ports } from "../../ports";
import { KubernetesServiceType, SyncMode, type ClusterSpec, type ServiceSpec } from "../../spec";
import { isPatroni } from "./check-path";
import { checkKubernetesService, checkServicesTogether } from "../kubernetes/services";
import { repeated } from "../shared/patterns";
import { platformOf } from "../cluster/platform";
import { checkBudget } from "./connection-budget";
import { checkPoolNames, checkPoolSizes } from "./pool";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { checkServiceFields } from "./service-fields";

const defaultNames = defaultServices.map((service) => service.name);
/** Names must fit this many gateways, so that adding one never fails because of a name. */
export const MOST_GATEWAYS = 16;

export function checkServices(spec: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  const { name: cluster, members } = model;
  const own = spec.services ?? [];
  const platform = platformOf(spec);
  const each = own.flatMap((service, i): Problem[] => {
    if (service === undefined) return [];
    const at = under("services", i);
    const longestContainer = longestPooler(cluster, service.name ?? "", platform);
    return [
      ...checkServiceFields(at, whole(spec, service), { members, platform, longestContainer }),
      ...(platform === "kubernetes" ? checkKubernetesPart(at, service, spec) : []),
    ];
  });
  return [
    ...checkDefaultServices(spec),
    ...each,
    ...checkUnique(spec),
    ...(platform === "kubernetes" ? checkServicesTogether(spec, model) : checkBackendPorts(spec, model)),
  ];
}

const longestPooler = (cluster: string, service: string, platform?: PlatformName): string =>
  platform === "kubernetes"
    ? names.gatewayPooler(names.gateway(cluster), service)
    : names.pooler(cluster, MOST_GATEWAYS, service);

/** A service of the program, merged over the default one of that name. */
const whole = (spec: Read<ClusterSpec>, service: Read<ServiceSpec>): Read<ServiceSpec> => ({
  ...keptDefaults(spec).find((d) => d.name === service.name),
  ...service,
});

const checkKubernetesPart = (at: string, { kubernetes }: Read<ServiceSpec>, spec: Read<ClusterSpec>): Problem[] =>
  kubernetes === undefined
    ? []
    : checkKubernetesService(
        under(at, "kubernetes"),
        kubernetes,
        spec.kubernetes?.serviceType ?? KubernetesServiceType.ClusterIP,
        spec.kubernetes?.annotations,
      );

function checkDefaultServices(spec: Read<ClusterSpec>): Problem[] {
  const wanted = spec.defaultServices ?? [];
  const twice = repeated(wanted);
  return wanted.flatMap((name, i) =>
    problemsOf([
      {
        when: name !== undefined && !defaultNames.includes(name),
        path: under("defaultServices", i),
        message: `must be one of ${defaultNames.join(", ")}, got ${show(name)}; define others in services`,
      },
      {
        when: twice.includes(i),
        path: under("defaultServices", i),
        message: `is listed twice, got ${show(name)}; remove one`,
      },
    ]),
  );
}

/**
 * Names and ports are unique among the program's services and the unchanged default ones. On Kubernetes each has a separate Service, and
 * only those without a pooler listen on their port in a shared pod.
 */
function checkUnique(spec: Read<ClusterSpec>): Problem[] {
  const own = spec.services ?? [];
  const sameName = repeated(own.map((service) => service?.name));
  const untouched = keptDefaults(spec).filter((d) => !own.some((service) => service?.name === d.name));
  const onKubernetes = platformOf(spec) === "kubernetes";
  const clash = (a: Read<ServiceSpec> | undefined, b: Read<ServiceSpec> | undefined): boolean =>
    a?.port !== undefined &&
    a.port === b?.port &&
    !(onKubernetes && [a, b].some((service) => isPooled(whole(spec, service ?? {}))));
  return own.flatMap((service, i) => {
    const first = own.findIndex((other) => other === service || clash(other, service));
    const holder = untouched.find((d) => clash(d, service));
    return problemsOf([
      {
        when: sameName.includes(i),
        path: `services[${i}].name`,
        message: `is taken by services[${own.findIndex((other) => other?.name === service?.name)}], got ${show(service?.name)}; choose another`,
      },
      {
        when: service !== undefined && first < i,
        path: `services[${i}].port`,
        message: `is taken by services[${first}], got ${service?.port}; choose another`,
      },
      {
        when: holder !== undefined,
        path: `services[${i}].port`,
        message: `is taken by the default service ${holder?.name}, got ${service?.port}; choose another, or leave ${holder?.name} out of defaultServices`,
      },
    ]);
  });
}

/**
 * 5432, 6432 and 8008 are free because members and poolers have separate addresses. Only HAProxy's ports for poolers conflict, before
 * PostgreSQL 17, which uses sockets.
 */
function checkBackendPorts(spec: Read<ClusterSpec>, { poolerLink, services }: ClusterModel): Problem[] {
  if (poolerLink === "unix") return [];
  const pooled = services.filter(({ pool }) => pool !== undefined).length;
  const backends = Array.from({ length: pooled }, (_, n) => ports.poolerBackend(n));
  return services
    .filter(({ pool, port }) => pool === undefined && backends.includes(port))
    .map((service) => ({
      path: `${pathOfService(spec, service)}.port`,
      message: `is used by HAProxy for poolers before PostgreSQL 17, got ${service.port}; use one outside ${backends[0]}–${backends.at(-1)}`,
    }));
}

export function checkPools(spec: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  const budgetedServices = model.services.flatMap(({ asked: service, claim, limits }) =>
    claim === undefined || limits === undefined ? [] : [{ service, claim, limits }],
  );
  const sizes = budgetedServices.flatMap(({ service, claim, limits }) => {
    const written = { cluster: spec.pool, own: service.pool, at: `${pathOfService(spec, service)}.pool` };
    return claim.pooled ? checkPoolSizes(written, poolShare(limits, claim)) : [];
  });
  const budgeted = budgetedServices.map(({ service, claim, limits }) => ({
    ...claim,
    path: writtenAt(spec, service),
    limits,
  }));
  return [
    ...checkPoolNames("pool", spec.pool),
    ...sizes.filter((problem, i) => sizes.findIndex((other) => other.path === problem.path) === i),
    ...checkBudget(model.maxConnections, model.members.length, budgeted),
  ];
}

const pathOfService = (spec: Read<ClusterSpec>, service: Pick<AskedService, "name">): string =>
  `services[${(spec.services ?? []).findIndex((own) => own?.name === service.name)}]`;

/** Path of a service's written limit. */
function writtenAt(spec: Read<ClusterSpec>, service: AskedService): string | undefined {
  if (!isPooled(service))
    return service.haproxy?.maxconn === undefined ? undefined : `${pathOfService(spec, service)}.haproxy.maxconn`;
  if (service.pool?.maxDbConnections !== undefined) return `${pathOfService(spec, service)}.pool.maxDbConnections`;
  return spec.pool?.maxDbConnections === undefined ? undefined : "pool.maxDbConnections";
}

/**
 * Patroni reports a replica of quorum commit as a quorum standby, never as a synchronous one (`get_postgresql_status` in patroni/api.py),
 * so these checks pass only on the primary, or nowhere.
 */
export function serviceWarnings(spec: Read<ClusterSpec>, { sync }: ClusterModel): string[] {
  const first = sync === SyncMode.Off ? 'set sync "quorum" and ' : "";
  return (spec.services ?? []).flatMap((service, i) => {
    const endpoint = /^\/[a-z-]+/.exec(service?.checkPath ?? "")?.[0] ?? "/";
    const only = { "/read-only-sync": "only on the primary", "/sync": "nowhere", "/synchronous": "nowhere" }[endpoint];
    if (!isPatroni(service?.checkPort) || only === undefined) return [];
    return [
      `services[${i}].checkPath: ${show(endpoint)} passes ${only} with sync "${sync}"; ` +
        `${first}use "/read-only-quorum" for the primary and the replicas that a commit may have waited for`,
    ];
  });
}
