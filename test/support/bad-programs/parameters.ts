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
        message: "is the cluster's own: clients reach it by services; add or change a service",
      },
      {
        path: "parameters.port",
        message: "is the cluster's own: clients reach it by services; add or change a service",
      },
    ],
  },
  {
    name: "parameters that TLS owns",
    spec: { docker: {}, parameters: { ssl: "off", ssl_cert_file: "/tmp/x" } },
    problems: [
      { path: "parameters.ssl", message: "is the cluster's own: certificates are made and renewed for it; see tls" },
      {
        path: "parameters.ssl_cert_file",
        message: "is the cluster's own: certificates are made and renewed for it; see tls",
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
      { path: "parameters.hot_standby", message: "is Patroni's own: replicas always answer queries; leave it out" },
      { path: "parameters.cluster_name", message: "is Patroni's own: it is the cluster's name; leave it out" },
      {
        path: "parameters.data_directory",
        message: "is Patroni's own: it keeps these files in the data directory; leave it out",
      },
      { path: "parameters.hba_file", message: "is Patroni's own; use hba for its rules" },
      {
        path: "parameters.recovery_target_time",
        message: "is Patroni's own: it says which member replays from where; leave it out",
      },
      { path: "parameters.synchronous_standby_names", message: "is Patroni's own; use sync and syncReplicas" },
    ],
  },
  {
    name: "parameters that backups own",
    spec: { docker: {}, parameters: { archive_command: "cp %p /tmp", archive_mode: "on" } },
    problems: [
      {
        path: "parameters.archive_command",
        message: "is the cluster's own: write-ahead log is archived by its backups; leave it out",
      },
      {
        path: "parameters.archive_mode",
        message: "is the cluster's own: write-ahead log is archived by its backups; leave it out",
      },
    ],
  },
  {
    name: "libraries as a parameter",
    spec: { docker: {}, parameters: { shared_preload_libraries: "timescaledb" } },
    problems: [
      { path: "parameters.shared_preload_libraries", message: "is the cluster's own; use sharedPreloadLibraries" },
    ],
  },
  {
    name: "owned parameter in upper case",
    spec: { docker: {}, parameters: { PORT: "1" } },
    problems: [
      {
        path: "parameters.PORT",
        message: "is the cluster's own: clients reach it by services; add or change a service",
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
        message: "is no parameter of PostgreSQL 15, and would be ignored; did you mean max_connections?",
      },
      {
        path: "parameters.transaction_timeout",
        message:
          "is no parameter of PostgreSQL 15, and would be ignored; write it as <extension>.<name> if it is an extension's",
      },
      {
        path: "parameters.my_own",
        message:
          "is no parameter of PostgreSQL 15, and would be ignored; write it as <extension>.<name> if it is an extension's",
      },
    ],
  },
  {
    name: "parameter in upper case",
    spec: { docker: {}, parameters: { Work_Mem: "4MB" } },
    problems: [
      {
        path: "parameters.Work_Mem",
        message: "must be in lower case: work_mem; PostgreSQL does not tell them apart, files do",
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
        message: "must be one line without control characters or halves of characters; the value is not shown",
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
          "is no name of a parameter: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
      {
        path: 'parameters[""]',
        message:
          "is no name of a parameter: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
      {
        path: "parameters.__proto",
        message:
          "is no name of a parameter: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
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
          "is no name of a parameter: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
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
      { path: "sharedPreloadLibraries[2]", message: 'stands there twice, got "pg_cron"; remove one' },
      {
        path: "sharedPreloadLibraries[3]",
        message: 'must be the plain name of a library, without path or comma, got "a,b"',
      },
    ],
  },
  {
    name: "trust",
    spec: { docker: {}, hba: [{ user: "all", db: "all", addr: "world", auth: "trust" }] },
    problems: [{ path: "hba[0].auth", message: 'must be one of deny, pwd, ssl, cert, got "trust"' }],
  },
  {
    name: "password over the world without TLS",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "app", addr: "world", auth: "pwd" },
        { user: "app", db: "app", addr: "0.0.0.0/0", auth: "pwd" },
      ],
    },
    problems: [
      { path: "hba[0].auth", message: '"pwd" would let data from "world" travel without TLS; use "ssl" or "cert"' },
      { path: "hba[1].auth", message: '"pwd" would let data from "0.0.0.0/0" travel without TLS; use "ssl" or "cert"' },
    ],
  },
  {
    name: "rule for the superuser and for the cluster's own",
    spec: {
      docker: {},
      hba: [
        { user: "postgres", db: "all", addr: "intra" },
        { user: "pgharbor_admin", db: "all", addr: "intra" },
      ],
    },
    problems: [
      { path: "hba[0].user", message: 'is the cluster\'s own user, got "postgres"; its rules are made for it' },
      { path: "hba[1].user", message: 'is the cluster\'s own user, got "pgharbor_admin"; its rules are made for it' },
    ],
  },
  {
    name: "rule without user, db, addr",
    spec: { docker: {}, hba: [{}] },
    problems: [
      { path: "hba[0].user", message: "is missing; it has no default" },
      { path: "hba[0].db", message: "is missing; it has no default" },
      { path: "hba[0].addr", message: "is missing; it has no default" },
    ],
  },
  {
    name: "rule that writes another",
    spec: {
      docker: {},
      hba: [{ user: "app\nhost all all all trust", db: '"x"', addr: "all", title: "x\nlocal all all trust" }],
    },
    problems: [
      { path: "hba[0].title", message: 'must be one line of at most 200 characters, got "x\\nlocal all all trust"' },
      {
        path: "hba[0].user",
        message:
          'must be one name, all, or +role, with letters, digits and _$-; write a rule for each of several, got "app\\nhost all all all trust"',
      },
      {
        path: "hba[0].db",
        message:
          'must be one name, all or replication, with letters, digits and _$-; write a rule for each of several, got "\\"x\\""',
      },
      {
        path: "hba[0].addr",
        message: 'must be one of local, localhost, cluster, intra, world, or a CIDR such as 10.0.0.0/8, got "all"',
      },
    ],
  },
  {
    name: "rule for several users",
    spec: { docker: {}, hba: [{ user: "a,b", db: "@file", addr: "10.0.0.0/8" }] },
    problems: [
      {
        path: "hba[0].user",
        message:
          'must be one name, all, or +role, with letters, digits and _$-; write a rule for each of several, got "a,b"',
      },
      {
        path: "hba[0].db",
        message:
          'must be one name, all or replication, with letters, digits and _$-; write a rule for each of several, got "@file"',
      },
    ],
  },
  {
    name: "addresses that are none",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "app", addr: "10.0.0.1" },
        { user: "app", db: "app", addr: "10.0.0.0/33" },
        { user: "app", db: "app", addr: "fe80::1" },
        { user: "app", db: "app", addr: "fd00::/129" },
        { user: "app", db: "app", addr: "300.0.0.0/8" },
        { user: "app", db: "app", addr: "db.example" },
        { user: "app", db: "app", addr: "10.0.0.0/8/8" },
        { user: "app", db: "app", addr: "fe80::1%eth0/64" },
      ],
    },
    problems: [
      {
        path: "hba[0].addr",
        message: 'must have a prefix length, got "10.0.0.1"; write "10.0.0.1/32" for this address alone',
      },
      { path: "hba[1].addr", message: 'must have a prefix length from 0 to 32, got "10.0.0.0/33"' },
      {
        path: "hba[2].addr",
        message: 'must have a prefix length, got "fe80::1"; write "fe80::1/128" for this address alone',
      },
      { path: "hba[3].addr", message: 'must have a prefix length from 0 to 128, got "fd00::/129"' },
      {
        path: "hba[4].addr",
        message:
          'must be one of local, localhost, cluster, intra, world, or a CIDR such as 10.0.0.0/8, got "300.0.0.0/8"',
      },
      {
        path: "hba[5].addr",
        message:
          'must be one of local, localhost, cluster, intra, world, or a CIDR such as 10.0.0.0/8, got "db.example"',
      },
      { path: "hba[6].addr", message: 'must have a prefix length from 0 to 32, got "10.0.0.0/8/8"' },
      {
        path: "hba[7].addr",
        message:
          'must be one of local, localhost, cluster, intra, world, or a CIDR such as 10.0.0.0/8, got "fe80::1%eth0/64"',
      },
    ],
  },
  {
    name: "TLS over a Unix socket",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "app", addr: "local" },
        { user: "app", db: "app", addr: "local", auth: "cert" },
      ],
    },
    problems: [
      {
        path: "hba[0].auth",
        message: '"local" is a Unix socket, which has no TLS, got "ssl" by default; use "pwd" or "deny"',
      },
      { path: "hba[1].auth", message: '"local" is a Unix socket, which has no TLS, got "cert"; use "pwd" or "deny"' },
    ],
  },
  {
    name: "order of the cluster's own rules",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "app", addr: "intra", order: 5 },
        { user: "app", db: "app", addr: "intra", order: 1000 },
      ],
    },
    problems: [
      { path: "hba[0].order", message: "must be a whole number from 100 to 999, got 5" },
      { path: "hba[1].order", message: "must be a whole number from 100 to 999, got 1000" },
    ],
  },
];
