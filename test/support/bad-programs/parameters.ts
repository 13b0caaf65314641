import type { BadCluster } from "./types";

export const badParameters: BadCluster[] = [
  {
    name: "parameter by number",
    spec: { docker: {}, parameters: { work_mem: 4 } },
    problems: [{ path: "parameters.work_mem", message: "must be a string, got 4; write it in quotes" }],
  },
  {
    name: "parameters that services own",
    spec: { docker: {}, parameters: { listen_addresses: "*", port: "5433" } },
    problems: [
      {
        path: "parameters.listen_addresses",
        message: "is set by the cluster: clients connect through services; add or change a service",
      },
      {
        path: "parameters.port",
        message: "is set by the cluster: clients connect through services; add or change a service",
      },
    ],
  },
  {
    name: "parameters that TLS owns",
    spec: { docker: {}, parameters: { ssl: "off", ssl_cert_file: "/tmp/x" } },
    problems: [
      { path: "parameters.ssl", message: "is set by the cluster, which creates and renews certificates; see tls" },
      {
        path: "parameters.ssl_cert_file",
        message: "is set by the cluster, which creates and renews certificates; see tls",
      },
    ],
  },
  {
    name: "parameters that Patroni owns",
    spec: {
      docker: {},
      parameters: {
        hot_standby: "off",
        cluster_name: "x",
        data_directory: "/x",
        hba_file: "/x",
        recovery_target_time: "now",
        synchronous_standby_names: "*",
      },
    },
    problems: [
      { path: "parameters.hot_standby", message: "is set by Patroni: replicas always answer queries; leave it out" },
      { path: "parameters.cluster_name", message: "is set by Patroni to the cluster's name; leave it out" },
      {
        path: "parameters.data_directory",
        message: "is set by Patroni, which keeps these files in the data directory; leave it out",
      },
      { path: "parameters.hba_file", message: "is set by Patroni; use hba for its rules" },
      {
        path: "parameters.recovery_target_time",
        message: "is set by Patroni, which decides where each member replicates from; leave it out",
      },
      { path: "parameters.synchronous_standby_names", message: "is set by Patroni; use sync and syncReplicas" },
    ],
  },
  {
    name: "parameters that backups own",
    spec: { docker: {}, parameters: { archive_command: "cp %p /tmp", archive_mode: "on" } },
    problems: [
      {
        path: "parameters.archive_command",
        message: "is set by the cluster, whose backups archive the write-ahead log; leave it out",
      },
      {
        path: "parameters.archive_mode",
        message: "is set by the cluster, whose backups archive the write-ahead log; leave it out",
      },
    ],
  },
  {
    name: "libraries as a parameter",
    spec: { docker: {}, parameters: { shared_preload_libraries: "timescaledb" } },
    problems: [
      { path: "parameters.shared_preload_libraries", message: "is set by the cluster; use sharedPreloadLibraries" },
    ],
  },
  {
    name: "owned parameter in upper case",
    spec: { docker: {}, parameters: { PORT: "1" } },
    problems: [
      {
        path: "parameters.PORT",
        message: "is set by the cluster: clients connect through services; add or change a service",
      },
    ],
  },
  {
    name: "parameters misspelt, of another major, and of nothing",
    spec: {
      docker: {},
      postgresVersion: "15",
      parameters: { max_conections: "100", transaction_timeout: "1s", my_own: "1", "my.own": "1" },
    },
    problems: [
      {
        path: "parameters.max_conections",
        message: "is not a parameter of PostgreSQL 15, and would be ignored; did you mean max_connections?",
      },
      {
        path: "parameters.transaction_timeout",
        message:
          "is not a parameter of PostgreSQL 15, and would be ignored; write it as <extension>.<name> if it is an extension's",
      },
      {
        path: "parameters.my_own",
        message:
          "is not a parameter of PostgreSQL 15, and would be ignored; write it as <extension>.<name> if it is an extension's",
      },
    ],
  },
  {
    name: "parameter in upper case",
    spec: { docker: {}, parameters: { Work_Mem: "4MB" } },
    problems: [
      {
        path: "parameters.Work_Mem",
        message: "must be in lower case: work_mem; PostgreSQL ignores case, its configuration files do not",
      },
    ],
  },
  {
    name: "write-ahead log without replicas",
    spec: { docker: {}, parameters: { wal_level: "minimal" } },
    problems: [
      {
        path: "parameters.wal_level",
        message: 'must be "replica" or "logical", got "minimal": replicas stream the write-ahead log',
      },
    ],
  },
  {
    name: "crashes that destroy",
    spec: { docker: {}, parameters: { fsync: "off", full_page_writes: "FALSE" } },
    problems: [
      {
        path: "parameters.fsync",
        message:
          'must stay on, got "off": a crash would destroy the member; for speed without it use synchronous_commit',
      },
      {
        path: "parameters.full_page_writes",
        message: 'must stay on, got "FALSE": pg_rewind cannot bring an old primary back without it',
      },
    ],
  },
  {
    name: "max_connections with a unit",
    spec: { docker: {}, parameters: { max_connections: "1k" } },
    problems: [
      {
        path: "parameters.max_connections",
        message: 'must be a whole number from 50 to 10000, got "1k": poolers share them out',
      },
    ],
  },
  {
    name: "parameter with a line break",
    spec: { docker: {}, parameters: { application_name: "x'\ndata_directory = '/tmp" } },
    problems: [
      {
        path: "parameters.application_name",
        message: "must be one line without control characters or lone surrogates; the value is not shown",
      },
    ],
  },
  {
    name: "parameter named with a quote",
    spec: { docker: {}, parameters: { "a = 'b'": "x", "": "y", __proto: "z" } },
    problems: [
      {
        path: "parameters[\"a = 'b'\"]",
        message:
          "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
      {
        path: 'parameters[""]',
        message:
          "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
      {
        path: "parameters.__proto",
        message:
          "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
    ],
  },
  {
    name: "parameter under a prototype's name",
    spec: { docker: {}, parameters: { ["__proto__"]: "x" } },
    problems: [
      {
        path: "parameters.__proto__",
        message:
          "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
    ],
  },
  {
    name: "library with a path, library twice",
    spec: { docker: {}, sharedPreloadLibraries: ["$libdir/x", "pg_cron", "pg_cron", "a,b"] },
    problems: [
      {
        path: "sharedPreloadLibraries[0]",
        message: 'must be the plain name of a library, without path or comma, got "$libdir/x"',
      },
      { path: "sharedPreloadLibraries[2]", message: 'is listed twice, got "pg_cron"; remove one' },
      {
        path: "sharedPreloadLibraries[3]",
        message: 'must be the plain name of a library, without path or comma, got "a,b"',
      },
    ],
  },
];
