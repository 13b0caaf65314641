import type { BadCluster } from "./types";

export const badServices: BadCluster[] = [
  {
    name: "service without name and port",
    spec: { docker: {}, services: [{}] },
    problems: [
      { path: "services[0].name", message: "is missing; it has no default" },
      { path: "services[0].port", message: "is missing; it has no default" },
    ],
  },
  {
    name: "service that is none",
    spec: { docker: {}, services: ["standby", null] },
    problems: [
      { path: "services[0]", message: 'must be an object, got "standby"' },
      { path: "services[1]", message: "must be an object, got null" },
    ],
  },
  {
    name: "service in upper case, with a line break",
    spec: { docker: {}, services: [{ name: "Stand\nby", port: 5435 }] },
    problems: [
      {
        path: "services[0].name",
        message:
          'must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got "Stand\\nby"',
      },
    ],
  },
  {
    name: "service too long for its container",
    spec: { docker: {}, services: [{ name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", port: 5435 }] },
    problems: [
      {
        path: "services[0].name",
        message:
          'makes the container name "shop-pooler-16-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", which has 65 characters; shorten it by 2 to 63',
      },
    ],
  },
  {
    name: "service named as a container",
    spec: {
      docker: {},
      services: [
        { name: "m1", port: 5435 },
        { name: "haproxy", port: 5440 },
      ],
    },
    problems: [
      { path: "services[0].name", message: 'is reserved for the cluster\'s containers, got "m1"; choose another' },
      {
        path: "services[1].name",
        message: 'is reserved for the cluster\'s containers, got "haproxy"; choose another',
      },
    ],
  },
  {
    name: "same name twice",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 5435 },
        { name: "standby", port: 5440 },
      ],
    },
    problems: [{ path: "services[1].name", message: 'is taken by services[0], got "standby"; choose another' }],
  },
  {
    name: "same port twice",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 5435 },
        { name: "audit", port: 5435 },
      ],
    },
    problems: [{ path: "services[1].port", message: "is taken by services[0], got 5435; choose another" }],
  },
  {
    name: "port of a default service",
    spec: { docker: {}, services: [{ name: "standby", port: 5433 }] },
    problems: [
      {
        path: "services[0].port",
        message:
          "is taken by the default service primary, got 5433; choose another, or leave primary out of defaultServices",
      },
    ],
  },
  {
    name: "ports that are none",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 0 },
        { name: "a", port: 70000 },
        { name: "b", port: -1 },
        { name: "c", port: "5440" },
      ],
    },
    problems: [
      { path: "services[0].port", message: "must be a whole number from 1 to 65535, got 0" },
      { path: "services[1].port", message: "must be a whole number from 1 to 65535, got 70000" },
      { path: "services[2].port", message: "must be a whole number from 1 to 65535, got -1" },
      {
        path: "services[3].port",
        message: 'must be a whole number from 1 to 65535, got "5440"; write it without quotes',
      },
    ],
  },
  {
    name: "virtual IP",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, bindAddress: "vip" }] },
    problems: [
      {
        path: "services[0].bindAddress",
        message: '"vip" needs a virtual IP address, and none is managed; use "*" or an IP address of the host',
      },
    ],
  },
  {
    name: "bind address with a port",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, bindAddress: "0.0.0.0:5435" }] },
    problems: [
      { path: "services[0].bindAddress", message: 'must be "*" or an IP address of the host, got "0.0.0.0:5435"' },
    ],
  },
  {
    name: "destination unknown",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, destination: "mysql" }] },
    problems: [
      {
        path: "services[0].destination",
        message: 'must be "postgres", "pgbouncer" or a port from 1 to 65535 in quotes, got "mysql"',
      },
    ],
  },
  {
    name: "destination pooler by number",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, destination: "6432" }] },
    problems: [
      {
        path: "services[0].destination",
        message: 'no PgBouncer runs on a member, got "6432": it runs in the gateway; use "pgbouncer"',
      },
    ],
  },
  {
    name: "destination beyond ports",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, destination: "70000" }] },
    problems: [
      {
        path: "services[0].destination",
        message: 'must be "postgres", "pgbouncer" or a port from 1 to 65535 in quotes, got "70000"',
      },
    ],
  },
  {
    name: "check by TCP",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkMethod: "tcp" }] },
    problems: [{ path: "services[0].checkMethod", message: 'must be "http", got "tcp"' }],
  },
  {
    name: "check by the exporter",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 5435, checkPort: "pg_exporter" },
        { name: "b", port: 5440, checkPort: "9630" },
      ],
    },
    problems: [
      {
        path: "services[0].checkPort",
        message: 'no pg_exporter runs on the members yet, so every check would fail, got "pg_exporter"; use "patroni"',
      },
      {
        path: "services[1].checkPort",
        message: 'no pg_exporter runs on the members yet, so every check would fail, got "9630"; use "patroni"',
      },
    ],
  },
  {
    name: "check on no port",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkPort: "web" }] },
    problems: [
      { path: "services[0].checkPort", message: 'must be "patroni" or a port from 1 to 65535 in quotes, got "web"' },
    ],
  },
  {
    name: "check path without slash",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkPath: "primary" }] },
    problems: [
      {
        path: "services[0].checkPath",
        message:
          'must start with / and be one word of letters, digits and ._~!&()*+,;=:@%/?-, at most 256, got "primary"',
      },
    ],
  },
  {
    name: "check path that writes another line",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 5435, checkPath: "/primary\r\nHost: x" },
        { name: "b", port: 5440, checkPath: '/primary"' },
      ],
    },
    problems: [
      {
        path: "services[0].checkPath",
        message:
          'must start with / and be one word of letters, digits and ._~!&()*+,;=:@%/?-, at most 256, got "/primary\\r\\nHost: x"',
      },
      {
        path: "services[1].checkPath",
        message:
          'must start with / and be one word of letters, digits and ._~!&()*+,;=:@%/?-, at most 256, got "/primary\\""',
      },
    ],
  },
  {
    name: "check path that Patroni does not have",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkPath: "/primry" }] },
    problems: [
      {
        path: "services[0].checkPath",
        message:
          'is not a health check of Patroni, got "/primry"; use one of / /primary /read-write /leader /master /standby-leader /replica /read-only /sync /synchronous /read-only-sync /quorum /read-only-quorum /async /asynchronous /health /liveness /readiness',
      },
    ],
  },
  {
    name: "zero lag that is none",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkPath: "/read-only?lag=0" }] },
    problems: [
      {
        path: "services[0].checkPath",
        message:
          'lag=0 does not mean no lag: the primary always passes, and the lag is that of the last report, got "/read-only?lag=0"; use "/read-only-quorum"',
      },
    ],
  },
  {
    name: "check code beyond HTTP",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, checkCode: 99 }] },
    problems: [{ path: "services[0].checkCode", message: "must be a whole number from 100 to 599, got 99" }],
  },
  {
    name: "selector that does not parse",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, selector: "[? pg_role ==" }] },
    problems: [
      {
        path: "services[0].selector",
        message: 'is not a JMESPath expression, got "[? pg_role ==": Invalid token (EOF): ""',
      },
    ],
  },
  {
    name: "selector of an unknown field",
    spec: {
      docker: {},
      services: [
        {
          name: "standby",
          port: 5435,
          selector: "[? role == 'replica' || pg_role == 'primary']",
          selectorBackup: "[? zone == 'a']",
        },
      ],
    },
    problems: [
      {
        path: "services[0].selector",
        message: 'unknown selector field "role"; fields are name, pg_role, pg_offline_query, host, tags',
      },
      {
        path: "services[0].selectorBackup",
        message: 'unknown selector field "zone"; fields are name, pg_role, pg_offline_query, host, tags',
      },
    ],
  },
  {
    name: "selector that gives names",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, selector: "[*].name" }] },
    problems: [
      {
        path: "services[0].selector",
        message: 'must give a list of members, such as "[? pg_role == \'replica\']", got "[*].name"',
      },
    ],
  },
  {
    name: "selector of an unknown function",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, selector: "pick(@)" }] },
    problems: [
      {
        path: "services[0].selector",
        message: 'is not a JMESPath expression, got "pick(@)": Unknown function: pick()',
      },
    ],
  },
  {
    name: "selector of a wrong type",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, selector: "length(@)" }] },
    problems: [
      {
        path: "services[0].selector",
        message: 'must give a list of members, such as "[? pg_role == \'replica\']", got "length(@)"',
      },
    ],
  },
  {
    name: "selector that picks nobody",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, selector: "[? pg_role == 'delayed']" }] },
    problems: [
      {
        path: "services[0].selector",
        message:
          "selects none of the 3 members, got \"[? pg_role == 'delayed']\", and there is no selectorBackup; change it or memberSettings",
      },
    ],
  },
  {
    name: "selector and backup that pick nobody",
    spec: {
      docker: {},
      services: [
        { name: "standby", port: 5435, selector: "[? pg_role == 'delayed']", selectorBackup: "[? name == 'm9']" },
      ],
    },
    problems: [
      {
        path: "services[0].selector",
        message:
          "selects none of the 3 members, got \"[? pg_role == 'delayed']\", nor does selectorBackup; change it or memberSettings",
      },
    ],
  },
  {
    name: "selector without end",
    spec: {
      docker: {},
      services: [
        {
          name: "standby",
          port: 5435,
          selector:
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        },
      ],
    },
    problems: [{ path: "services[0].selector", message: "must be at most 1000 characters, got 1001" }],
  },
  {
    name: "HAProxy's figures",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, haproxy: { maxconn: 0, balance: "random" } }] },
    problems: [
      { path: "services[0].haproxy.maxconn", message: "must be a whole number from 1 to 1000000, got 0" },
      { path: "services[0].haproxy.balance", message: 'must be one of roundrobin, leastconn, got "random"' },
    ],
  },
  {
    name: "server options that belong to the cluster",
    spec: {
      docker: {},
      services: [{ name: "standby", port: 5435, haproxy: { defaultServerOptions: "inter 3s verify none" } }],
    },
    problems: [
      {
        path: "services[0].haproxy.defaultServerOptions",
        message:
          '"verify" is not an option that may be set; those are inter, fastinter, downinter, slowstart, rise, fall, weight, maxconn, minconn, maxqueue, on-marked-down, on-marked-up',
      },
    ],
  },
  {
    name: "server options with another line",
    spec: {
      docker: {},
      services: [{ name: "standby", port: 5435, haproxy: { defaultServerOptions: "inter 3s\nbackend x" } }],
    },
    problems: [
      {
        path: "services[0].haproxy.defaultServerOptions",
        message: 'must be words and numbers on one line, at most 500 characters, got "inter 3s\\nbackend x"',
      },
    ],
  },
  {
    name: "server options with wrong values",
    spec: {
      docker: {},
      services: [
        {
          name: "standby",
          port: 5435,
          haproxy: { defaultServerOptions: "inter soon rise 0 on-marked-down die weight" },
        },
      ],
    },
    problems: [
      {
        path: "services[0].haproxy.defaultServerOptions",
        message: 'inter cannot be "soon"; write a time such as "3s" or "250ms"',
      },
      {
        path: "services[0].haproxy.defaultServerOptions",
        message: 'rise cannot be "0"; write a number that HAProxy takes here',
      },
      {
        path: "services[0].haproxy.defaultServerOptions",
        message: 'on-marked-down cannot be "die"; write shutdown-sessions',
      },
      {
        path: "services[0].haproxy.defaultServerOptions",
        message: "weight has no value; write a number that HAProxy takes here",
      },
    ],
  },
  {
    name: "pool without a pooler",
    spec: { docker: {}, services: [{ name: "standby", port: 5435, destination: "postgres", pool: { size: 5 } }] },
    problems: [
      {
        path: "services[0].pool",
        message: 'has no effect with destination "postgres"; use destination "pgbouncer" or leave it out',
      },
    ],
  },
  {
    name: "pool of a direct default service",
    spec: { docker: {}, services: [{ name: "default", port: 5436, pool: { size: 5 } }] },
    problems: [
      {
        path: "services[0].pool",
        message: 'has no effect with destination "postgres"; use destination "pgbouncer" or leave it out',
      },
    ],
  },
  {
    name: "pool's figures",
    spec: {
      docker: {},
      pool: { mode: "row", size: 0, reserveSize: -1, maxDbConnections: 0, maxClientConnections: 1000000000 },
    },
    problems: [
      { path: "pool.mode", message: 'must be one of transaction, session, statement, got "row"' },
      { path: "pool.size", message: "must be a whole number from 1 to 10000, got 0" },
      { path: "pool.reserveSize", message: "must be a whole number from 0 to 10000, got -1" },
      { path: "pool.maxDbConnections", message: "must be a whole number from 1 to 10000, got 0" },
      { path: "pool.maxClientConnections", message: "must be a whole number from 1 to 100000, got 1000000000" },
    ],
  },
  {
    name: "poolers beyond max_connections",
    spec: { docker: {}, gateways: 3, pool: { maxDbConnections: 50 } },
    problems: [
      {
        path: "pool.maxDbConnections",
        message:
          'primary 3 × (50 + 2 for passwords) + replica 3 × (1 + 2 for passwords) + default 3 × 1 connections may be open to a primary, and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): 187 in all, but max_connections is 100; lower maxDbConnections to 21, or raise parameters.max_connections to "187"',
      },
    ],
  },
  {
    name: "poolers of two primary services beyond max_connections",
    spec: {
      docker: {},
      parameters: { max_connections: "200" },
      services: [{ name: "etl", port: 5440, checkPath: "/primary", pool: { maxDbConnections: 200 } }],
    },
    problems: [
      {
        path: "services[0].pool.maxDbConnections",
        message:
          'primary 1 × (1 + 2 for passwords) + replica 1 × (1 + 2 for passwords) + default 1 × 1 + etl 1 × (200 + 2 for passwords) connections may be open to a primary, and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): 228 in all, but max_connections is 200; lower maxDbConnections to 172, or raise parameters.max_connections to "228"',
      },
    ],
  },
  {
    name: "pool of replicas beyond max_connections",
    spec: { docker: {}, services: [{ name: "replica", port: 5434, pool: { maxDbConnections: 90 } }] },
    problems: [
      {
        path: "services[0].pool.maxDbConnections",
        message:
          'replica 1 × (90 + 2 for passwords) + offline 1 × 1 connections may be open to a replica, and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): 112 in all, but max_connections is 100; lower maxDbConnections to 78, or raise parameters.max_connections to "112"',
      },
    ],
  },
  {
    name: "max_connections too low for its poolers",
    spec: { docker: {}, members: 16, gateways: 16, parameters: { max_connections: "50" } },
    problems: [
      {
        path: "parameters.max_connections",
        message:
          'primary 16 × (1 + 2 for passwords) + replica 16 × (1 + 2 for passwords) + default 16 × 1 connections may be open to a primary, and 45 are reserved (3 superuser + 2 × 16 members + 10 admin and hooks): 157 in all, but max_connections is 50; raise parameters.max_connections to "157"',
      },
    ],
  },
  {
    name: "pool larger than its share",
    spec: { docker: {}, pool: { size: 200 } },
    problems: [
      {
        path: "pool.size",
        message: "can never be reached, got 200: maxDbConnections is 29, its share of max_connections; lower it to 29",
      },
    ],
  },
  {
    name: "pool settings of users and databases",
    spec: {
      docker: {},
      pool: {
        users: { app: { mode: "query", maxConnections: 0, size: 5 } },
        databases: { shop: { mode: 1, size: 0, reserveSize: 10_001, maxConnections: 5 }, crm: [] },
      },
    },
    problems: [
      { path: "pool.users.app.mode", message: 'must be one of transaction, session, statement, got "query"' },
      { path: "pool.users.app.maxConnections", message: "must be a whole number from 1 to 10000, got 0" },
      { path: "pool.users.app.size", message: "is not a field; fields here are mode, maxConnections" },
      { path: "pool.databases.shop.mode", message: "must be one of transaction, session, statement, got 1" },
      { path: "pool.databases.shop.size", message: "must be a whole number from 1 to 10000, got 0" },
      { path: "pool.databases.shop.reserveSize", message: "must be a whole number from 0 to 10000, got 10001" },
      {
        path: "pool.databases.shop.maxConnections",
        message: "is not a field; fields here are mode, size, reserveSize",
      },
      { path: "pool.databases.crm", message: "must be an object, got a list" },
    ],
  },
  {
    name: "pool settings of names that are none",
    spec: {
      docker: {},
      pool: { users: { pgharbor_admin: {}, "a b": {}, app$1: {} }, databases: { "*": { size: 5 }, pgbouncer: {} } },
    },
    problems: [
      {
        path: "pool.users.pgharbor_admin",
        message: 'must not start with pg_, dbaas_, pgharbor_, got "pgharbor_admin"; choose another name',
      },
      { path: 'pool.users["a b"]', message: 'must be letters, digits, _ and $, a letter or _ first, got "a b"' },
      {
        path: 'pool.users["app$1"]',
        message:
          'cannot be written in pgbouncer.ini because of the $, got "app$1"; set it for the database, or rename the user',
      },
      { path: 'pool.databases["*"]', message: 'must be letters, digits and _, a letter or _ first, got "*"' },
      { path: "pool.databases.pgbouncer", message: 'is PgBouncer\'s admin console, got "pgbouncer"; remove it' },
    ],
  },
  {
    name: "pool settings of names that are none, of one service",
    spec: {
      docker: {},
      services: [{ name: "jobs", port: 5440, pool: { users: { postgres: {} }, databases: { "1st": {} } } }],
    },
    problems: [
      { path: "services[0].pool.users.postgres", message: 'is reserved, got "postgres"; choose another name' },
      {
        path: 'services[0].pool.databases["1st"]',
        message: 'must be letters, digits and _, a letter or _ first, got "1st"',
      },
    ],
  },
  {
    name: "pool of a database larger than its share",
    spec: { docker: {}, pool: { databases: { shop: { size: 30 }, crm: { size: 29 } } } },
    problems: [
      {
        path: "pool.databases.shop.size",
        message: "can never be reached, got 30: maxDbConnections is 29, its share of max_connections; lower it to 29",
      },
    ],
  },
  {
    name: "pool of a database larger than what its service has",
    spec: {
      docker: {},
      pool: { databases: { shop: { size: 30 } } },
      services: [
        { name: "primary", port: 5433, pool: { maxDbConnections: 20, databases: { shop: { mode: "session" } } } },
        { name: "replica", port: 5434, pool: { maxDbConnections: 40, databases: { shop: { size: 41 } } } },
      ],
    },
    problems: [
      {
        path: "pool.databases.shop.size",
        message: "can never be reached, got 30: maxDbConnections is 20; lower it to 20",
      },
      {
        path: "services[1].pool.databases.shop.size",
        message: "can never be reached, got 41: maxDbConnections is 40; lower it to 40",
      },
    ],
  },
  {
    name: "default service unknown, and twice",
    spec: { docker: {}, defaultServices: ["primary", "standby", "primary"] },
    problems: [
      {
        path: "defaultServices[1]",
        message: 'must be one of primary, replica, default, offline, got "standby"; define others in services',
      },
      { path: "defaultServices[2]", message: 'is listed twice, got "primary"; remove one' },
    ],
  },
  {
    name: "port where HAProxy waits for poolers",
    spec: { docker: {}, services: [{ name: "direct", port: 7001, destination: "postgres" }], postgresVersion: "15" },
    problems: [
      {
        path: "services[0].port",
        message: "is used by HAProxy for poolers before PostgreSQL 17, got 7001; use one outside 7001–7002",
      },
    ],
  },
  {
    name: "startup parameters that are none, or that nobody can ignore",
    spec: {
      docker: {},
      pool: { ignoreStartupParameters: ["search_path", "a, b", "application_name", "search_path"] },
    },
    problems: [
      {
        path: "pool.ignoreStartupParameters[1]",
        message: 'must be the name of a parameter in lower case, or "options", got "a, b"',
      },
      {
        path: "pool.ignoreStartupParameters[2]",
        message: 'is tracked for each client, got "application_name" by PgBouncer; leave it out',
      },
      {
        path: "pool.ignoreStartupParameters[3]",
        message: 'is listed twice, got "search_path"; remove one',
      },
    ],
  },
];
