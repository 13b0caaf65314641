import { names } from "../names";
import { ports } from "../ports";
import type { Read } from "../read/read";
import {
  HaMode,
  KubernetesServiceType,
  PublishMode,
  SyncMode,
  TuningProfile,
  type ClusterSpec,
  type HbaRuleSpec,
  type PoolSpec,
} from "../spec";
import { definedItems, definedOnly } from "../spec/defined-only";
import { parseBytes, sizeOr } from "../spec/units";
import { askedServices, type AskedService } from "./asked-services";
import { resolveBackups } from "./backups";
import { resolveRestore } from "./restore";
import { resolveMaximumLag, resolveSync, resolveTimings } from "./ha";
import { resolveLogging } from "./logging";
import { DEFAULT_CLUSTER_DOMAIN, resolveMembers } from "./members";
import { followsPrimary, isPooled } from "./service-meaning";
import { resolveServices, type ClusterBasis } from "./services";
import { tunedParameters } from "./tuning";
import type { ClusterModel, ResolvedResources } from "./types";

const DEFAULT_MAJOR = 17;
/** Tuning basis for members without a size. */
const DEFAULT_MEMORY = "1GB";
const DEFAULT_CPU = 1;
const DEFAULT_DISK = "8GB";

/**
 * All defaults are set here. Fields that could not be read get their default, too, so that rules can continue; such a specification is
 * never planned. Never throws.
 */
export function resolveSpec(name: string, spec: Read<ClusterSpec>): ClusterModel {
  const asked = askedServices(spec);
  const basis = { ...resolveBasis(name, spec), ...resolvePlatform(name, spec, asked) };
  return { ...basis, services: resolveServices(basis, asked) };
}

type OfPlatform = Pick<
  ClusterBasis,
  | "platform"
  | "gateways"
  | "bindAddress"
  | "autoPorts"
  | "labels"
  | "annotations"
  | "etcd"
  | "serviceType"
  | "podCidrs"
  | "clusterDomain"
  | "monitored"
  | "primaryPoolerPorts"
>;

function resolveBasis(name: string, spec: Read<ClusterSpec>): Omit<ClusterBasis, keyof OfPlatform> {
  const postgresMajor = resolveMajor(spec);
  const sync = resolveSync(spec);
  const syncReplicas = spec.syncReplicas ?? 1;
  const waitsForReplicas = sync !== SyncMode.Off && syncReplicas > 0;
  const parameters = resolveParameters(spec);
  return {
    name,
    postgresMajor,
    members: resolveMembers(name, spec),
    resources: resolveResources(spec),
    backups: resolveBackups(name, spec, diskBytes(spec)),
    restore: resolveRestore(name, spec),
    ha: resolveTimings(spec),
    haMode: spec.ha ?? HaMode.Fast,
    sync,
    syncReplicas,
    waitsForReplicas,
    maximumLag: resolveMaximumLag(spec, waitsForReplicas),
    drainTimeout: spec.drainTimeout ?? 10,
    poolerLink: postgresMajor >= 17 ? "unix" : "tcp",
    parameters,
    maxConnections: Number(parameters.max_connections),
    sharedPreloadLibraries: definedItems(spec.sharedPreloadLibraries ?? ["pg_stat_statements"]),
    pool: resolveClusterPool(spec.pool),
    hba: (spec.hba ?? []).filter(isWholeRule),
    logging: resolveLogging(spec.logging),
    hostnames: definedItems(spec.tls?.hostnames ?? []),
  };
}

const DEFAULT_GATEWAYS = { docker: 1, kubernetes: 2 };

function resolvePlatform(name: string, spec: Read<ClusterSpec>, asked: readonly AskedService[]): OfPlatform {
  const { docker, kubernetes } = spec;
  const shared = {
    bindAddress: docker?.bindAddress ?? "127.0.0.1",
    autoPorts: docker?.publish === PublishMode.Auto,
    labels: docker?.labels ?? kubernetes?.labels ?? {},
    annotations: kubernetes?.annotations ?? {},
    podCidrs: definedItems(kubernetes?.podCidrs ?? []),
    clusterDomain: kubernetes?.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN,
    monitored: (kubernetes?.networkPolicy?.monitoring ?? []).length > 0,
  };
  if (docker === undefined)
    return {
      ...shared,
      platform: "kubernetes",
      // A gateway is a pod, which is lost with its node.
      gateways: spec.gateways ?? DEFAULT_GATEWAYS.kubernetes,
      serviceType: kubernetes?.serviceType ?? KubernetesServiceType.ClusterIP,
      etcd: [],
      primaryPoolerPorts: primaryPoolerPorts(asked),
    };
  return {
    ...shared,
    platform: "docker",
    gateways: spec.gateways ?? DEFAULT_GATEWAYS.docker,
    etcd: Array.from({ length: docker.etcdMembers ?? 1 }, (_, i) => names.etcd(name, i + 1)),
    primaryPoolerPorts: [ports.pgbouncer],
  };
}

/** Also the port of an added service: it has one pooler, the first in the pod. */
function primaryPoolerPorts(asked: readonly AskedService[]): number[] {
  const poolers = asked.filter((service) => isPooled(service) && followsPrimary(service)).length;
  return Array.from({ length: Math.max(1, poolers) }, (_, n) => ports.primaryPooler(n));
}

/** The major of a version such as "17". */
export const resolveMajor = ({ postgresVersion }: Pick<ClusterSpec, "postgresVersion">): number =>
  Number(postgresVersion ?? DEFAULT_MAJOR) || DEFAULT_MAJOR;

const resolveResources = ({ resources }: Read<ClusterSpec>): ResolvedResources => ({
  cpu: resources?.cpu,
  memory: resources?.memory === undefined ? undefined : parseBytes(resources.memory),
  disk: resources?.disk ?? DEFAULT_DISK,
});

const diskBytes = ({ resources }: Read<ClusterSpec>): number => sizeOr(DEFAULT_DISK, resources?.disk);

function resolveParameters(spec: Read<ClusterSpec>): Record<string, string> {
  const size = {
    cpu: spec.resources?.cpu ?? DEFAULT_CPU,
    memoryBytes: sizeOr(DEFAULT_MEMORY, spec.resources?.memory),
    diskBytes: diskBytes(spec),
  };
  const tuned = tunedParameters(spec.tuning ?? TuningProfile.Oltp, size, resolveMajor(spec));
  const { max_connections, ...own } = definedOnly(spec.parameters);
  // Budgets depend on it, even if the written value is invalid, which is reported elsewhere.
  const isNumber = max_connections !== undefined && /^\d{1,6}$/.test(max_connections);
  return { ...tuned, ...own, ...(isNumber ? { max_connections } : {}) };
}

const resolveClusterPool = (pool: Read<PoolSpec> | undefined): PoolSpec | undefined =>
  pool && {
    ...pool,
    ignoreStartupParameters: pool.ignoreStartupParameters && definedItems(pool.ignoreStartupParameters),
  };

const isWholeRule = (rule: Read<HbaRuleSpec> | undefined): rule is HbaRuleSpec =>
  rule?.user !== undefined && rule.db !== undefined && rule.addr !== undefined;
