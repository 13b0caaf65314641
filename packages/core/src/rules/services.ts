import { names } from "../names";
import { planClaim, poolShare } from "../plan/claims-plan";
import { planMembers } from "../plan/members-plan";
import { isPooled } from "../plan/service-meaning";
import { defaultServices, effectiveServices, gatewaysOf } from "../plan/services-plan";
import type { PlannedMember, PlatformName } from "../plan/types";
import { ports } from "../ports";
import { KubernetesServiceType, SyncMode, type ClusterSpec, type PoolSpec, type ServiceSpec } from "../spec";
import { planSync } from "../plan/ha-plan";
import { isPatroni } from "./check-path";
import { checkKubernetesService, checkServicesTogether } from "./kubernetes-services";
import { repeated } from "./patterns";
import { platformOf } from "./platform";
import { checkBudget, shareOut } from "./connection-budget";
import { checkPoolNames, checkPoolSizes } from "./pool";
import { problemsOf, show, under, type Problem } from "./problem";
import type { Read } from "./read";
import { checkSelector } from "./selector";
import { checkServiceFields } from "./service-fields";

const defaultNames = defaultServices.map((service) => service.name);
/** Names are kept short enough for as many gateways as there may be: one more must not fail by its name. */
export const MOST_GATEWAYS = 16;

export function checkServices(cluster: string, spec: Read<ClusterSpec>): Problem[] {
  const own = spec.services ?? [];
  const members = planMembers(cluster, spec as ClusterSpec);
  const platform = platformOf(spec);
  const each = own.flatMap((service, i): Problem[] => {
    if (service === undefined) return [];
    const at = under("services", i);
    const longestContainer = longestPooler(cluster, service.name ?? "", platform);
    return [
      ...checkServiceFields(at, whole(spec, service), { members, platform, longestContainer }),
      ...(platform === "kubernetes" ? checkItsKubernetesService(at, service, spec) : []),
    ];
  });
  return [
    ...checkDefaultServices(spec),
    ...each,
    ...checkUnique(spec),
    ...(platform === "kubernetes" ? checkServicesTogether(spec) : checkBackendPorts(spec)),
  ];
}

const longestPooler = (cluster: string, service: string, platform?: PlatformName): string =>
  platform === "kubernetes"
    ? names.gatewayPooler(names.gateway(cluster), service)
    : names.pooler(cluster, MOST_GATEWAYS, service);

/** A service as the person wrote it, over the default one of its name. */
const whole = (spec: Read<ClusterSpec>, service: Read<ServiceSpec>): Read<ServiceSpec> => ({
  ...keptDefaults(spec).find((d) => d.name === service.name),
  ...service,
});

const checkItsKubernetesService = (
  at: string,
  { kubernetes }: Read<ServiceSpec>,
  spec: Read<ClusterSpec>,
): Problem[] =>
  kubernetes === undefined
    ? []
    : checkKubernetesService(
        under(at, "kubernetes"),
        kubernetes,
        spec.kubernetes?.serviceType ?? KubernetesServiceType.ClusterIP,
        spec.kubernetes?.annotations,
      );

const keptDefaults = (spec: Read<ClusterSpec>): ServiceSpec[] =>
  defaultServices.filter((d) => spec.defaultServices?.includes(d.name) ?? true);

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
        message: `stands there twice, got ${show(name)}; remove one`,
      },
    ]),
  );
}

/**
 * Names and ports are unique among the person's own services and the default ones that they do not change. On Kubernetes
 * each has a Service of its own, and only those without a pooler listen on their port in one pod.
 */
function checkUnique(spec: Read<ClusterSpec>): Problem[] {
  const own = spec.services ?? [];
  const sameName = repeated(own.map((service) => service?.name));
  const untouched = keptDefaults(spec).filter((d) => !own.some((service) => service?.name === d.name));
  const onKubernetes = platformOf(spec) === "kubernetes";
  const clash = (a: Read<ServiceSpec> | undefined, b: Read<ServiceSpec> | undefined): boolean =>
    a?.port !== undefined &&
    a.port === b?.port &&
    !(onKubernetes && [a, b].some((service) => isPooled(whole(spec, service) as ServiceSpec)));
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
 * 5432, 6432 and 8008 may be used: members and poolers have addresses of their own. What clashes is the port on which
 * HAProxy waits for a pooler, where that is not a socket (before PostgreSQL 17).
 */
function checkBackendPorts(spec: Read<ClusterSpec>): Problem[] {
  if (Number(spec.postgresVersion ?? "17") >= 17) return [];
  const services = effectiveServices(complete(spec));
  const pooled = services.filter(isPooled).length;
  const backends = Array.from({ length: pooled }, (_, n) => ports.poolerBackend(n));
  return services
    .filter((service) => !isPooled(service) && backends.includes(service.port))
    .map((service) => ({
      path: `services[${(spec.services ?? []).findIndex((own) => own?.name === service.name)}].port`,
      message: `is where HAProxy waits for poolers before PostgreSQL 17, got ${service.port}; use one outside ${backends[0]}–${backends.at(-1)}`,
    }));
}

/** The services there will be, of those that can be read. */
export const readServices = (spec: Read<ClusterSpec>): ServiceSpec[] => effectiveServices(complete(spec));

/** The specification with the services that have what a plan needs. */
const complete = (spec: Read<ClusterSpec>): ClusterSpec =>
  ({
    ...spec,
    services: (spec.services ?? []).filter((service) => service?.name !== undefined && service.port !== undefined),
  }) as ClusterSpec;

/** `maxConnections`: those in force. */
export function checkPools(cluster: string, spec: Read<ClusterSpec>, maxConnections: number): Problem[] {
  const members = planMembers(cluster, spec as ClusterSpec);
  const whole = complete(spec);
  const at = { gateways: gatewaysOf(whole), pool: spec.pool as PoolSpec | undefined };
  const placed = effectiveServices(whole).flatMap((service) => {
    const claim = planClaim(readable(service, members), members, at);
    return claim === undefined ? [] : [{ service, claim: { ...claim, path: writtenAt(spec, service) } }];
  });
  const limits = shareOut(
    maxConnections,
    members.length,
    placed.map(({ claim }) => claim),
  );
  const sizes = placed.flatMap(({ service, claim }) => {
    const share = poolShare(limits.get(service.name)!, claim);
    const its = { cluster: at.pool, own: service.pool, at: `${placeOf(spec, service)}.pool` };
    return claim.pooled ? checkPoolSizes(its, share) : [];
  });
  const budgeted = placed.map(({ claim }) => ({ ...claim, limits: limits.get(claim.service)! }));
  return [
    ...checkPoolNames("pool", spec.pool),
    ...sizes.filter((problem, i) => sizes.findIndex((other) => other.path === problem.path) === i),
    ...checkBudget(maxConnections, members.length, budgeted),
  ];
}

/** A selector that cannot be read, which is a problem of its own, picks everyone here. */
export function readable(service: ServiceSpec, members: PlannedMember[]): ServiceSpec {
  const good = (text?: string) => text !== undefined && checkSelector("", text, members).length === 0;
  const { selector, selectorBackup, ...rest } = service;
  return {
    ...rest,
    ...(good(selector) ? { selector } : {}),
    ...(good(selectorBackup) ? { selectorBackup } : {}),
  };
}

const placeOf = (spec: Read<ClusterSpec>, service: ServiceSpec): string =>
  `services[${(spec.services ?? []).findIndex((own) => own?.name === service.name)}]`;

/** Where the figure of a service is written. */
function writtenAt(spec: Read<ClusterSpec>, service: ServiceSpec): string | undefined {
  if (!isPooled(service))
    return service.haproxy?.maxconn === undefined ? undefined : `${placeOf(spec, service)}.haproxy.maxconn`;
  if (service.pool?.maxDbConnections !== undefined) return `${placeOf(spec, service)}.pool.maxDbConnections`;
  return spec.pool?.maxDbConnections === undefined ? undefined : "pool.maxDbConnections";
}

/**
 * Patroni counts a replica of quorum commit as a quorum standby, never as a synchronous one (`get_postgresql_status` in
 * patroni/api.py), so these checks pass on the primary alone, or nowhere.
 */
export function serviceWarnings(spec: Read<ClusterSpec>): string[] {
  const sync = planSync(spec as ClusterSpec);
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
