import {
  systemUsers,
  type ClusterModel,
  type DeferredValues,
  type ResolvedMember,
  type ResolvedServer,
  type ResolvedService,
  type SystemUser,
} from "@pgharbor/core";

/** Plans written by hand, with values that the rules refuse. Renderers must be correct without the rules. */
export const member = (name: string, more: Partial<ResolvedMember> = {}): ResolvedMember => ({
  name,
  role: "replica",
  electable: true,
  offlineQuery: false,
  host: "local",
  hostname: `c-${name}`,
  address: `c-${name}`,
  otherAddress: `c-${name}`,
  patroniName: name,
  tags: {},
  ...more,
});

export const model = (more: Partial<ClusterModel> = {}): ClusterModel => ({
  name: "c",
  postgresMajor: 17,
  members: [member("m1"), member("m2")],
  resources: { disk: "8GB" },
  ha: { ttl: 20, loopWait: 2, rebuildAfter: 300, retryTimeout: 5 },
  haMode: "fast",
  sync: "quorum",
  syncReplicas: 1,
  waitsForReplicas: true,
  maximumLag: 1024 ** 2,
  parameters: {},
  sharedPreloadLibraries: ["pg_stat_statements"],
  services: [],
  monitored: false,
  drainTimeout: 10,
  poolerLink: "unix",
  maxConnections: 100,
  bindAddress: "127.0.0.1",
  autoPorts: false,
  hostnames: [],
  labels: {},
  annotations: {},
  gateways: 1,
  platform: "docker",
  etcd: ["c-etcd-1"],
  clusterDomain: "cluster.local",
  podCidrs: [],
  primaryPoolerPorts: [6432],
  hba: [],
  logging: { connections: true, disconnections: true, replicationCommands: true, clientInApplicationName: false },
  ...more,
});

export const service = (servers: ResolvedServer[], more: Partial<ResolvedService> = {}): ResolvedService => ({
  name: "s",
  fullName: "c-s",
  port: 5000,
  bindAddress: "127.0.0.1",
  memberPort: 5432,
  checkPort: 8008,
  checkPath: "/primary",
  checkCode: 200,
  followsPrimary: true,
  servers,
  maxconn: 100,
  balance: "roundrobin",
  defaultServerOptions: "inter 1s rise 2 weight 100",
  asked: { name: "s", port: 5000 },
  ...more,
});

export const deferred: DeferredValues = {
  authorities: {},
  caCertificate: "ca\n",
  certificates: {},
  passwords: Object.fromEntries(Object.keys(systemUsers).map((user) => [user, `pw-${user}`])) as Record<
    SystemUser,
    string
  >,
};
