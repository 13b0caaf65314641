/** The fields of each specification with types and ranges. All other checks are in the rules. */
import {
  Balance,
  HaMode,
  HbaAuth,
  MemberRole,
  PoolMode,
  PublishMode,
  SyncMode,
  TuningProfile,
  type ClusterSpec,
  type DatabaseSpec,
  type DockerSpec,
  type ExtensionSpec,
  type HaproxySpec,
  type HaTimings,
  type HbaRuleSpec,
  type ImagesSpec,
  type LoggingSpec,
  type MembershipSpec,
  type MemberSettings,
  type PoolDatabaseSpec,
  type PoolSpec,
  type PoolUserSpec,
  type ResourcesSpec,
  type SchemaSpec,
  type ServiceSpec,
  type TlsSpec,
  type UserSpec,
} from "../spec";
import { readBackups, readRestore } from "./backups";
import { readKubernetes, readKubernetesService } from "./kubernetes";
import { fields, flag, listOf, mapOf, oneOf, text, whole, wholeOrNearest, type Reader } from "./read";

const choice = <T extends string>(choices: Record<string, T>) => oneOf(Object.values(choices));
/** PostgreSQL's limit for connections. */
const connections = (min: number) => whole(min, 262_143);

export const readPool: Reader<PoolSpec> = fields<PoolSpec>({
  mode: choice(PoolMode),
  size: whole(1, 10_000),
  reserveSize: whole(0, 10_000),
  maxDbConnections: whole(1, 10_000),
  maxClientConnections: whole(1, 100_000),
  ignoreStartupParameters: listOf(text),
  resetAfterTransaction: flag,
  users: mapOf(fields<PoolUserSpec>({ mode: choice(PoolMode), maxConnections: whole(1, 10_000) })),
  databases: mapOf(
    fields<PoolDatabaseSpec>({ mode: choice(PoolMode), size: whole(1, 10_000), reserveSize: whole(0, 10_000) }),
  ),
});

export const readService: Reader<ServiceSpec> = fields<ServiceSpec>(
  {
    name: text,
    port: whole(1, 65_535),
    bindAddress: text,
    destination: text,
    checkMethod: text,
    checkPort: text,
    checkPath: text,
    checkCode: whole(100, 599),
    selector: text,
    selectorBackup: text,
    haproxy: fields<HaproxySpec>({
      maxconn: whole(1, 1_000_000),
      balance: choice(Balance),
      defaultServerOptions: text,
    }),
    pool: readPool,
    kubernetes: readKubernetesService,
  },
  ["name", "port"],
);

const readMember = fields<MemberSettings>({
  role: choice(MemberRole),
  applyDelay: text,
  offlineQuery: flag,
  host: text,
  tags: mapOf(text),
});

const readHbaRule = fields<HbaRuleSpec>(
  {
    title: text,
    user: text,
    db: text,
    addr: text,
    auth: choice(HbaAuth),
    role: choice(MemberRole),
    services: listOf(text),
    order: whole(100, 999),
  },
  ["user", "db", "addr"],
);

const readDocker = fields<DockerSpec>({
  host: text,
  network: text,
  bindAddress: text,
  publish: choice(PublishMode),
  labels: mapOf(text),
  restartPolicy: oneOf(["no", "on-failure", "always", "unless-stopped"]),
  etcdMembers: whole(1, 9),
});

export const readCluster: Reader<ClusterSpec> = fields<ClusterSpec>({
  docker: readDocker,
  kubernetes: readKubernetes,
  postgresVersion: text,
  members: wholeOrNearest(1, 16),
  memberSettings: mapOf(readMember),
  gateways: wholeOrNearest(1, 16),
  resources: fields<ResourcesSpec>({ cpu: whole(1, 128), memory: text, disk: text }),
  tuning: choice(TuningProfile),
  ha: choice(HaMode),
  // Patroni itself raises lower values.
  haTimings: fields<HaTimings>({
    ttl: whole(20, 3600),
    loopWait: whole(1, 3600),
    retryTimeout: whole(3, 3600),
    rebuildAfter: whole(0, 86_400),
  }),
  sync: choice(SyncMode),
  syncReplicas: whole(0, 15),
  maximumLagOnFailover: text,
  drainTimeout: whole(1, 300),
  parameters: mapOf(text),
  hba: listOf(readHbaRule),
  logging: fields<LoggingSpec>({
    connections: flag,
    disconnections: flag,
    replicationCommands: flag,
    clientInApplicationName: flag,
  }),
  services: listOf(readService),
  defaultServices: listOf(text),
  pool: readPool,
  backups: readBackups,
  restore: readRestore,
  tls: fields<TlsSpec>({ hostnames: listOf(text), validityDays: whole(1, 36_500) }),
  images: fields<ImagesSpec>({ postgres: text, gateway: text, etcd: text }),
  sharedPreloadLibraries: listOf(text),
  acceptDataLoss: text,
});

export const readUser: Reader<UserSpec> = fields<UserSpec>(
  {
    username: text,
    login: flag,
    superuser: flag,
    createdb: flag,
    createrole: flag,
    inherit: flag,
    replication: flag,
    bypassrls: flag,
    connlimit: connections(-1),
    expireIn: whole(1, 36_500),
    expireAt: text,
    parameters: mapOf(text),
    parametersIn: mapOf(mapOf(text)),
    comment: text,
    roles: listOf(fields<MembershipSpec>({ name: text, admin: flag, set: flag, inherit: flag }, ["name"])),
    pooled: flag,
  },
  ["username"],
  // Fields of the component, which are no properties of the user.
  ["adopt", "dropOnDelete"],
);

export const readDatabase: Reader<DatabaseSpec> = fields<DatabaseSpec>(
  {
    name: text,
    owner: text,
    template: text,
    encoding: text,
    locale: text,
    lcCollate: text,
    lcCtype: text,
    localeProvider: text,
    icuLocale: text,
    tablespace: text,
    allowConnections: flag,
    connlimit: connections(-1),
    revokeConnect: flag,
    parameters: mapOf(text),
    schemas: listOf(fields<SchemaSpec>({ name: text, owner: text }, ["name"])),
    extensions: listOf(fields<ExtensionSpec>({ name: text, schema: text, version: text }, ["name"])),
    baseline: text,
    baselineTimeout: whole(1, 86_400),
    comment: text,
  },
  ["name"],
);
