import { goodOnKubernetes, type GoodCluster } from "./good-programs/kubernetes";

/** Valid programs with their expected warnings. They are close to the mistakes of the invalid ones. */
export const goodClusters: GoodCluster[] = [
  { name: "the least", spec: { docker: {} } },
  ...goodOnKubernetes,
  ...["2026-11-28T21:00:00Z", "2026-11-28 21:00:00.123456+05:30", "2026-11-28T21:00:00-08"].map((time) => ({
    name: `a restore to ${time}`,
    spec: {
      docker: {},
      restore: { cluster: "shop", repository: "second", time, set: "20261128-210000F_20261128-220000I" },
    },
  })),
  {
    name: "backups with every field",
    spec: {
      docker: {},
      backups: {
        repositories: {
          local: { volume: {} },
          second: {
            volume: { retain: false },
            reuse: true,
            schedule: {
              full: "30 2 1,15 * *",
              differential: "",
              incremental: "0 */6 * * MON-FRI",
              timeZone: "Europe/Berlin",
            },
            retention: { full: 3 },
          },
        },
        recoveryPoint: 10,
        archiveQueue: "64MB",
        processes: 4,
      },
    },
  },
  { name: "fields given as undefined", spec: { docker: {}, members: undefined, services: undefined } },
  {
    name: "the longest name",
    cluster: "a".repeat(45),
    spec: { docker: {}, members: 16, gateways: 16, parameters: { max_connections: "200" } },
  },
  {
    name: "every role",
    spec: {
      docker: { etcdMembers: 3, bindAddress: "0.0.0.0", publish: "auto", labels: { team: "shop" }, network: "own" },
      postgresVersion: "15",
      members: 5,
      memberSettings: {
        m1: { role: "primary" },
        m3: { offlineQuery: true, tags: { zone: "a" } },
        m4: { role: "offline" },
        m5: { role: "delayed", applyDelay: "1h" },
      },
      sync: "strict",
      syncReplicas: 1,
    },
  },
  {
    name: "the limits of resources",
    spec: { docker: {}, resources: { cpu: 128, memory: "1TB", disk: "1TB" }, tuning: "olap", ha: "wide" },
  },
  {
    name: "a service with every field",
    spec: {
      docker: {},
      services: [
        {
          name: "audit",
          port: 5435,
          bindAddress: "*",
          destination: "postgres",
          checkMethod: "http",
          checkPort: "patroni",
          checkPath: "/replica?lag=16MB",
          checkCode: 200,
          selector: "[? pg_role == `replica` && tags.zone == 'a' || !pg_offline_query]",
          selectorBackup: "sort_by([? pg_role == 'primary'], &name)[0:1]",
          haproxy: {
            maxconn: 77,
            balance: "leastconn",
            defaultServerOptions:
              "inter 3s fastinter 1s downinter 5s rise 3 fall 3 on-marked-down shutdown-sessions weight 100",
          },
        },
      ],
    },
  },
  {
    name: "ports of members and poolers, which have addresses of their own",
    spec: {
      docker: {},
      services: [
        { name: "a", port: 5432 },
        { name: "b", port: 6432 },
        { name: "c", port: 8008, destination: "postgres" },
      ],
    },
  },
  {
    name: "changed default services, and one left out",
    spec: {
      docker: {},
      defaultServices: ["primary", "default"],
      services: [
        { name: "primary", port: 6000, pool: { size: 10 } },
        { name: "other", port: 5433, checkPath: "/read-only" },
      ],
    },
  },
  {
    name: "pool settings of users and databases",
    spec: {
      docker: {},
      pool: { users: { app: { mode: "session" } }, databases: { shop: { size: 5, reserveSize: 0 }, crm: {} } },
      services: [
        {
          name: "primary",
          port: 5433,
          pool: { users: { app: { maxConnections: 10 } }, databases: { shop: { mode: "statement", size: 29 } } },
        },
      ],
    },
  },
  {
    name: "rules by address",
    spec: {
      docker: {},
      hba: [
        { title: "the office", user: "all", db: "all", addr: "10.0.0.0/8", order: 100 },
        { user: "app", db: "shop", addr: "fd00::/8", services: ["primary"], order: 999 },
        { user: "all", db: "all", addr: "world", auth: "deny", services: ["primary", "default"], order: 999 },
      ],
    },
  },
  {
    name: "rules of users",
    spec: {
      docker: {},
      hba: [
        { user: "all", db: "all", addr: "203.0.113.0/24", auth: "deny" },
        { user: "+readers", db: "all", addr: "world" },
        { user: "robot", db: "all", addr: "world", auth: "cert", services: ["default", "offline"] },
        { user: "analyst", db: "all", addr: "world", role: "offline" },
        { user: "all", db: "all", addr: "world", auth: "deny" },
      ],
      logging: { connections: false, clientInApplicationName: true },
    },
  },
  {
    name: "parameters",
    spec: {
      docker: {},
      parameters: {
        max_connections: "300",
        wal_level: "logical",
        work_mem: "16MB",
        "auto_explain.log_min_duration": "1s",
      },
      sharedPreloadLibraries: ["pg_stat_statements", "auto_explain"],
      pool: { size: 50, maxDbConnections: 270 },
    },
  },
  {
    name: "strict with two members",
    spec: { docker: {}, members: 2, sync: "strict" },
    warnings: [
      'sync: "strict" with 2 members that may become primary and 1 to wait for stops all writes while any one of them is down; add a member, or use "quorum"',
    ],
  },
  {
    name: "only one that may become primary",
    spec: { docker: {}, members: 2, memberSettings: { m2: { role: "offline" } } },
    warnings: ["memberSettings: only one member may become primary, so there is no failover when it is lost"],
  },
  {
    name: "commits that wait for nobody",
    spec: { docker: {}, parameters: { synchronous_commit: "local" } },
    warnings: [
      'parameters.synchronous_commit: "local" waits for no replica, so sync "quorum" does not save the last commits; leave it out, or set sync "off"',
    ],
  },
  {
    name: "reads without lag, with quorum commit",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkPath: "/read-only-sync" }] },
    warnings: [
      'services[0].checkPath: "/read-only-sync" passes only on the primary with sync "quorum"; use "/read-only-quorum" for the primary and the replicas that a commit may have waited for',
    ],
  },
  {
    name: "checks that nobody passes, without sync",
    spec: { docker: {}, sync: "off", services: [{ name: "standby", port: 5435, checkPath: "/sync" }] },
    warnings: [
      'services[0].checkPath: "/sync" passes nowhere with sync "off"; set sync "quorum" and use "/read-only-quorum" for the primary and the replicas that a commit may have waited for',
    ],
  },
];
