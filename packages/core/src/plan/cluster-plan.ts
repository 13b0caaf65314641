import { names } from "../names";
import { ports } from "../ports";
import { renderDynamicConfig } from "../render/patroni/dynamic-config";
import { renderPgHba } from "../render/postgres/pg-hba";
import { checkCluster } from "../rules/cluster";
import { shareOut } from "../rules/connection-budget";
import { InvalidSpec } from "../rules/problem";
import { PublishMode, TuningProfile, type ClusterSpec } from "../spec";
import { parseBytes } from "../spec/units";
import { planCertificates } from "./certificates-plan";
import { planClaim } from "./claims-plan";
import { planIdentities, planMonitoring } from "./identities-plan";
import { planGateways } from "./gateway-plan";
import { planHa, planMaximumLag, planSync } from "./ha-plan";
import { planLogging } from "./logging-plan";
import { planMemberContainers } from "./member-containers-plan";
import { DEFAULT_CLUSTER_DOMAIN, planMembers } from "./members-plan";
import { passwordsOn } from "./passwords-plan";
import { followsPrimary, isPooled } from "./service-meaning";
import { effectiveServices, gatewaysOf, placesOf, planService } from "./services-plan";
import { planStore } from "./store-plan";
import { tunedParameters } from "./tuning";
import type { ClusterFacts, ClusterPlan, PlannedService } from "./types";

/** Everything that one cluster will be. Throws `InvalidSpec` with every problem of the specification. */
export function planCluster(name: string, spec: ClusterSpec): ClusterPlan {
  const { problems, warnings } = checkCluster(name, spec);
  if (problems.length > 0) throw new InvalidSpec(`PostgresCluster ${JSON.stringify(name)}`, problems);
  const parameters = plannedParameters(spec);
  const facts = planFacts(name, spec, parameters);
  const services = planServices(facts, spec);
  const dynamicConfig = renderDynamicConfig(facts, {
    parameters,
    hba: renderPgHba(facts),
    sync: planSync(spec),
    syncReplicas: spec.syncReplicas ?? 1,
    maximumLag: planMaximumLag(spec),
    sharedPreloadLibraries: spec.sharedPreloadLibraries ?? ["pg_stat_statements"],
  });
  const containers = [
    ...planStore(facts),
    ...planMemberContainers(facts, spec, dynamicConfig),
    ...planGateways(facts, services),
  ];
  return {
    facts,
    services,
    containers,
    certificates: planCertificates(facts, containers),
    identities: [...planIdentities(containers), ...planMonitoring(name, spec)],
    passwords: passwordsOn(facts.platform),
    dynamicConfig,
    warnings,
  };
}

function plannedParameters(spec: ClusterSpec): Record<string, string> {
  const resources = {
    cpu: spec.resources?.cpu ?? 1,
    memoryBytes: parseBytes(spec.resources?.memory ?? "1GB"),
    diskBytes: parseBytes(spec.resources?.disk ?? "8GB"),
  };
  const major = Number(spec.postgresVersion ?? "17");
  return { ...tunedParameters(spec.tuning ?? TuningProfile.Oltp, resources, major), ...spec.parameters };
}

function planFacts(name: string, spec: ClusterSpec, parameters: Record<string, string>): ClusterFacts {
  const postgresMajor = Number(spec.postgresVersion ?? "17");
  const etcdMembers = spec.docker === undefined ? 0 : (spec.docker.etcdMembers ?? 1);
  return {
    name,
    postgresMajor,
    members: planMembers(name, spec),
    ha: planHa(spec),
    haMode: spec.ha,
    drainTimeout: spec.drainTimeout ?? 10,
    poolerLink: postgresMajor >= 17 ? "unix" : "tcp",
    maxConnections: Number(parameters.max_connections),
    pool: spec.pool,
    hba: spec.hba ?? [],
    logging: planLogging(spec.logging),
    bindAddress: spec.docker?.bindAddress ?? "127.0.0.1",
    autoPorts: spec.docker?.publish === PublishMode.Auto,
    hostnames: spec.tls?.hostnames ?? [],
    labels: spec.docker?.labels ?? spec.kubernetes?.labels ?? {},
    gateways: gatewaysOf(spec),
    platform: spec.docker === undefined ? "kubernetes" : "docker",
    serviceType: spec.docker === undefined ? (spec.kubernetes?.serviceType ?? "ClusterIP") : undefined,
    podCidrs: spec.kubernetes?.podCidrs ?? [],
    clusterDomain: spec.kubernetes?.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN,
    primaryPoolerPorts: primaryPoolerPorts(spec),
    etcd: Array.from({ length: etcdMembers }, (_, i) => names.etcd(name, i + 1)),
  };
}

/** Pooled services that follow the primary, of each gateway. */
const primaryPooled = (spec: ClusterSpec): number =>
  effectiveServices(spec).filter((s) => isPooled(s) && followsPrimary(s)).length;

/** Also where a service added later listens, whose poolers are the first of their own pods. */
const primaryPoolerPorts = (spec: ClusterSpec): number[] =>
  spec.docker === undefined
    ? Array.from({ length: Math.max(1, primaryPooled(spec)) }, (_, n) => ports.primaryPooler(n))
    : [ports.pgbouncer];

function planServices(facts: ClusterFacts, spec: ClusterSpec): PlannedService[] {
  const all = effectiveServices(spec);
  const places = placesOf(facts, all);
  const claims = all.flatMap((s) => planClaim(s, facts.members, facts) ?? []);
  const limits = shareOut(facts.maxConnections, facts.members.length, claims);
  return all.map((s) => {
    const claim = claims.find(({ service }) => service === s.name);
    return planService(facts, s, claim && { claim, limits: limits.get(s.name)! }, places.get(s.name));
  });
}
