import type { BadCluster } from "./types";

export const badClusters: BadCluster[] = [
  {
    name: "no platform",
    spec: {},
    problems: [{ path: "docker", message: "no platform is given; write exactly one of docker: {} and kubernetes: {}" }],
  },
  {
    name: "two platforms",
    spec: { docker: {}, kubernetes: {} },
    problems: [
      { path: "kubernetes", message: "two platforms are given, docker and kubernetes; leave one of them out" },
    ],
  },
  { name: "no specification at all", spec: null, problems: [{ path: "spec", message: "must be an object, got null" }] },
  {
    name: "a list for a specification",
    spec: [],
    problems: [{ path: "spec", message: "must be an object, got a list" }],
  },
  {
    name: "platform as a switch",
    spec: { docker: true },
    problems: [{ path: "docker", message: "must be an object, got true" }],
  },
  {
    name: "logging in words",
    spec: { docker: {}, logging: { connections: "on", statements: true } },
    problems: [
      { path: "logging.connections", message: 'must be true or false, got "on"' },
      {
        path: "logging.statements",
        message:
          "is not a field; fields here are connections, disconnections, replicationCommands, clientInApplicationName",
      },
    ],
  },
  {
    name: "cluster name in upper case",
    cluster: "Shop",
    spec: { docker: {} },
    problems: [
      {
        path: "name",
        message:
          'must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got "Shop"',
      },
    ],
  },
  {
    name: "cluster name with a quote and a line break",
    cluster: 'shop"\nlabels: x',
    spec: { docker: {} },
    problems: [
      {
        path: "name",
        message:
          'must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got "shop\\"\\nlabels: x"',
      },
    ],
  },
  {
    name: "empty cluster name",
    cluster: "",
    spec: { docker: {} },
    problems: [
      {
        path: "name",
        message: 'must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63, got ""',
      },
    ],
  },
  {
    name: "cluster name too long for its containers",
    cluster: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    spec: { docker: {} },
    problems: [
      {
        path: "name",
        message:
          'must be at most 45 characters, for container names start with it and have at most 63, got 46: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
      },
    ],
  },
  {
    name: "cluster named as a network of Docker",
    cluster: "bridge",
    spec: { docker: {} },
    problems: [{ path: "name", message: 'is the name of a predefined Docker network, got "bridge"; choose another' }],
  },
  {
    name: "misspelt field",
    spec: { docker: {}, postgressVersion: "17" },
    problems: [
      {
        path: "postgressVersion",
        message:
          "is not a field; did you mean postgresVersion? Fields here are docker, kubernetes, postgresVersion, members, memberSettings, gateways, resources, tuning, ha, haTimings, sync, syncReplicas, maximumLagOnFailover, drainTimeout, parameters, hba, logging, services, defaultServices, pool, backups, restore, tls, images, sharedPreloadLibraries, acceptDataLoss",
      },
    ],
  },
  {
    name: "a lost database that is not named as the refused up names it",
    spec: { docker: {}, acceptDataLoss: "yes" },
    problems: [
      {
        path: "acceptDataLoss",
        message: 'must be a system identifier (digits only), got "yes"; the refused `up` shows it',
      },
    ],
  },
  {
    name: "misspelt field below",
    spec: { docker: { bindAdress: "0.0.0.0" } },
    problems: [
      {
        path: "docker.bindAdress",
        message:
          "is not a field; did you mean bindAddress? Fields here are host, network, bindAddress, publish, labels, restartPolicy, etcdMembers",
      },
    ],
  },
  {
    name: "PostgreSQL major without an image yet",
    spec: { docker: {}, postgresVersion: "18" },
    problems: [{ path: "postgresVersion", message: 'has no image yet, got "18"; use "17" or "15"' }],
  },
  {
    name: "PostgreSQL major too old",
    spec: { docker: {}, postgresVersion: "9.6" },
    problems: [
      {
        path: "postgresVersion",
        message: 'is no longer maintained by PostgreSQL\'s developers, got "9.6"; use "17" or "15"',
      },
    ],
  },
  {
    name: "PostgreSQL minor",
    spec: { docker: {}, postgresVersion: "17.2" },
    problems: [
      {
        path: "postgresVersion",
        message: 'must be a major version; the image decides the minor, got "17.2"; use "17" or "15"',
      },
    ],
  },
  {
    name: "PostgreSQL major unknown",
    spec: { docker: {}, postgresVersion: "99" },
    problems: [
      { path: "postgresVersion", message: 'is not a known major version of PostgreSQL, got "99"; use "17" or "15"' },
    ],
  },
  {
    name: "PostgreSQL major as a number",
    spec: { docker: {}, postgresVersion: 17 },
    problems: [{ path: "postgresVersion", message: "must be a string, got 17; write it in quotes" }],
  },
  {
    name: "no member",
    spec: { docker: {}, members: 0 },
    problems: [{ path: "members", message: "must be a whole number from 1 to 16, got 0" }],
  },
  {
    name: "too many members",
    spec: { docker: {}, members: 17 },
    problems: [{ path: "members", message: "must be a whole number from 1 to 16, got 17" }],
  },
  {
    name: "half a member",
    spec: { docker: {}, members: 2.5 },
    problems: [{ path: "members", message: "must be a whole number from 1 to 16, got 2.5" }],
  },
  {
    name: "members as text",
    spec: { docker: {}, members: "3" },
    problems: [{ path: "members", message: 'must be a whole number from 1 to 16, got "3"; write it without quotes' }],
  },
  {
    name: "members not a number",
    spec: { docker: {}, members: NaN },
    problems: [{ path: "members", message: "must be a whole number from 1 to 16, got NaN" }],
  },
  {
    name: "members infinite",
    spec: { docker: {}, members: Infinity },
    problems: [{ path: "members", message: "must be a whole number from 1 to 16, got Infinity" }],
  },
  {
    name: "settings of a member that is not there",
    spec: { docker: {}, memberSettings: { m4: { role: "offline" } } },
    problems: [
      { path: "memberSettings.m4", message: "is not a member; members are m1 to m3; raise members or rename the key" },
    ],
  },
  {
    name: "settings under a prototype's name",
    spec: { docker: {}, memberSettings: { ["__proto__"]: { role: "offline" }, constructor: {} } },
    problems: [
      {
        path: "memberSettings.__proto__",
        message: "is not a member; members are m1 to m3; raise members or rename the key",
      },
      {
        path: "memberSettings.constructor",
        message: "is not a member; members are m1 to m3; raise members or rename the key",
      },
    ],
  },
  {
    name: "two preferred primaries",
    spec: { docker: {}, memberSettings: { m1: { role: "primary" }, m2: { role: "primary" } } },
    problems: [
      {
        path: "memberSettings.m2.role",
        message: "only one member may be preferred as primary, and m1 is; leave it out here",
      },
    ],
  },
  {
    name: "nobody can become primary",
    spec: {
      docker: {},
      members: 2,
      sync: "off",
      memberSettings: { m1: { role: "offline" }, m2: { role: "delayed", applyDelay: "1h" } },
    },
    problems: [
      {
        path: "memberSettings",
        message: "no member may become primary: m1, m2 are offline or delayed; leave one as replica, or raise members",
      },
    ],
  },
  {
    name: "unknown role",
    spec: { docker: {}, memberSettings: { m2: { role: "standby" } } },
    problems: [
      { path: "memberSettings.m2.role", message: 'must be one of primary, replica, offline, delayed, got "standby"' },
    ],
  },
  {
    name: "delayed member without a delay",
    spec: { docker: {}, memberSettings: { m3: { role: "delayed" } } },
    problems: [
      {
        path: "memberSettings.m3.applyDelay",
        message: 'is missing: a delayed member needs the time it lags, for example "1h"',
      },
    ],
  },
  {
    name: "delay of an ordinary member",
    spec: { docker: {}, memberSettings: { m3: { applyDelay: "1h" } } },
    problems: [
      {
        path: "memberSettings.m3.applyDelay",
        message: 'is only for the role delayed, got role "replica"; set role "delayed" or leave it out',
      },
    ],
  },
  {
    name: "delay in a unit that PostgreSQL does not know",
    spec: { docker: {}, memberSettings: { m3: { role: "delayed", applyDelay: "30m" } } },
    problems: [
      {
        path: "memberSettings.m3.applyDelay",
        message: 'must be a time above 0 and at most 24d, with its unit ms, s, min, h or d, got "30m"',
      },
    ],
  },
  {
    name: "offline queries on a delayed member",
    spec: { docker: {}, memberSettings: { m3: { role: "delayed", applyDelay: "1h", offlineQuery: true } } },
    problems: [
      {
        path: "memberSettings.m3.offlineQuery",
        message: "a delayed member shows old data and takes no queries of the offline service; leave it out",
      },
    ],
  },
  {
    name: "member on a host that is not there",
    spec: { docker: {}, memberSettings: { m3: { host: "db3" } } },
    problems: [{ path: "memberSettings.m3.host", message: 'is not a known host, got "db3"; the only one is "local"' }],
  },
  {
    name: "tag that Patroni acts upon",
    spec: { docker: {}, memberSettings: { m3: { tags: { nofailover: "true" } } } },
    problems: [
      { path: "memberSettings.m3.tags.nofailover", message: "is set by the member's role; choose the role instead" },
    ],
  },
  {
    name: "tag with a line break",
    spec: { docker: {}, memberSettings: { m3: { tags: { zone: "a\nnofailover: true", "a b": "x" } } } },
    problems: [
      {
        path: "memberSettings.m3.tags.zone",
        message: 'must be one line of at most 255 characters, got "a\\nnofailover: true"',
      },
      {
        path: 'memberSettings.m3.tags["a b"]',
        message: "must be named with lower-case letters, digits and _, a letter first, at most 63",
      },
    ],
  },
  {
    name: "no gateway",
    spec: { docker: {}, gateways: 0 },
    problems: [{ path: "gateways", message: "must be a whole number from 1 to 16, got 0" }],
  },
  {
    name: "no core, too little memory, too small a disk",
    spec: { docker: {}, resources: { cpu: 0, memory: "256MB", disk: "1GB" } },
    problems: [
      { path: "resources.cpu", message: "must be a whole number from 1 to 128, got 0" },
      { path: "resources.memory", message: 'must be from 512MB to 1TB, got "256MB"' },
      { path: "resources.disk", message: 'must be from 8GB to 1TB, got "1GB"' },
    ],
  },
  {
    name: "too many cores, too much memory, too large a disk",
    spec: { docker: {}, resources: { cpu: 129, memory: "2TB", disk: "2TB" } },
    problems: [
      { path: "resources.cpu", message: "must be a whole number from 1 to 128, got 129" },
      { path: "resources.memory", message: 'must be from 512MB to 1TB, got "2TB"' },
      { path: "resources.disk", message: 'must be from 8GB to 1TB, got "2TB"' },
    ],
  },
  {
    name: "sizes without unit, with Kubernetes' unit",
    spec: { docker: {}, resources: { memory: "1073741824", disk: "8Gi" } },
    problems: [
      {
        path: "resources.memory",
        message: 'must be a size with its unit kB, MB, GB or TB, from 512MB to 1TB, got "1073741824"',
      },
      { path: "resources.disk", message: 'must be a size with its unit kB, MB, GB or TB, from 8GB to 1TB, got "8Gi"' },
    ],
  },
  {
    name: "memory as a number",
    spec: { docker: {}, resources: { memory: 1024 } },
    problems: [{ path: "resources.memory", message: "must be a string, got 1024; write it in quotes" }],
  },
  {
    name: "unknown tuning, HA mode and sync",
    spec: { docker: {}, tuning: "fast", ha: "slow", sync: "on" },
    problems: [
      { path: "tuning", message: 'must be one of oltp, olap, crit, tiny, got "fast"' },
      { path: "ha", message: 'must be one of fast, norm, safe, wide, got "slow"' },
      { path: "sync", message: 'must be one of off, quorum, strict, got "on"' },
    ],
  },
  {
    name: "lease shorter than its renewal",
    spec: { docker: {}, haTimings: { retryTimeout: 15 } },
    problems: [
      {
        path: "haTimings",
        message:
          "ttl must be at least loopWait + 2 × retryTimeout = 2 + 2 × 15 = 32, got 20; else the lease ends while the primary still tries to renew it; raise ttl to 32",
      },
    ],
  },
  {
    name: "timings below Patroni's least",
    spec: { docker: {}, haTimings: { ttl: 10, loopWait: 0, retryTimeout: 1 } },
    problems: [
      { path: "haTimings.ttl", message: "must be a whole number from 20 to 3600, got 10" },
      { path: "haTimings.loopWait", message: "must be a whole number from 1 to 3600, got 0" },
      { path: "haTimings.retryTimeout", message: "must be a whole number from 3 to 3600, got 1" },
    ],
  },
  {
    name: "a stuck replica that is not given the time of a start",
    spec: { docker: {}, haTimings: { rebuildAfter: 5 } },
    problems: [
      {
        path: "haTimings.rebuildAfter",
        message: "must be at least 30 seconds, because a start takes a while, got 5; use 0 to disable rebuilds",
      },
    ],
  },
  {
    name: "a lag that is no size",
    spec: { docker: {}, sync: "off", maximumLagOnFailover: "1 megabyte" },
    problems: [
      { path: "maximumLagOnFailover", message: 'must be a size up to "1TB", for example "16MB", got "1 megabyte"' },
    ],
  },
  {
    name: "a lag where commits wait for replicas",
    spec: { docker: {}, maximumLagOnFailover: "16MB" },
    problems: [
      {
        path: "maximumLagOnFailover",
        message:
          'has no effect with sync "quorum", got "16MB": only replicas with every acknowledged commit are elected, however far they lag otherwise; ' +
          'leave it out, or set sync "off"',
      },
    ],
  },
  {
    name: "as many synchronous replicas as members",
    spec: { docker: {}, syncReplicas: 3 },
    problems: [
      {
        path: "syncReplicas",
        message: "must be below the number of members that may become primary, 3, got 3; use at most 2",
      },
    ],
  },
  {
    name: "synchronous replicas beyond those that may become primary",
    spec: { docker: {}, syncReplicas: 2, memberSettings: { m3: { role: "offline" } } },
    problems: [
      {
        path: "syncReplicas",
        message: "must be below the number of members that may become primary, 2, got 2; use at most 1",
      },
    ],
  },
  {
    name: "synchronous replicas out of range",
    spec: { docker: {}, members: 16, syncReplicas: 16 },
    problems: [{ path: "syncReplicas", message: "must be a whole number from 0 to 15, got 16" }],
  },
  {
    name: "strict with one member",
    spec: { docker: {}, members: 1, sync: "strict" },
    problems: [
      {
        path: "sync",
        message:
          'sync "strict" needs a replica that may become primary, and there is none; add a member or set sync "off"',
      },
    ],
  },
  {
    name: "sync that waits for none",
    spec: { docker: {}, sync: "quorum", syncReplicas: 0 },
    problems: [
      {
        path: "syncReplicas",
        message: 'must be at least 1 with sync "quorum", got 0; set sync "off" to wait for none',
      },
    ],
  },
  {
    name: "synchronous replicas without sync",
    spec: { docker: {}, sync: "off", syncReplicas: 1 },
    problems: [
      { path: "syncReplicas", message: 'has no effect with sync "off", got 1; set sync "quorum" or leave it out' },
    ],
  },
  {
    name: "drain for ever",
    spec: { docker: {}, drainTimeout: 0 },
    problems: [{ path: "drainTimeout", message: "must be a whole number from 1 to 300, got 0" }],
  },
  {
    name: "drain for an hour",
    spec: { docker: {}, drainTimeout: 3600 },
    problems: [{ path: "drainTimeout", message: "must be a whole number from 1 to 300, got 3600" }],
  },
  {
    name: "etcd of two",
    spec: { docker: { etcdMembers: 2 } },
    problems: [
      {
        path: "docker.etcdMembers",
        message: "must be odd: 2 members tolerate no more failures than 1, got 2; use 1 or 3",
      },
    ],
  },
  {
    name: "etcd of five",
    spec: { docker: { etcdMembers: 5 } },
    problems: [
      { path: "docker.etcdMembers", message: "must be 1 or 3, got 5; on one host more of them add no availability" },
    ],
  },
  {
    name: "bind address by name",
    spec: { docker: { bindAddress: "localhost" } },
    problems: [
      {
        path: "docker.bindAddress",
        message:
          'must be an IP address of the host, got "localhost"; "127.0.0.1" for the host alone, "0.0.0.0" for its network',
      },
    ],
  },
  {
    name: "network without names",
    spec: { docker: { network: "host" } },
    problems: [
      {
        path: "docker.network",
        message: 'resolves no container names, got "host"; use a network that you made, or leave it out',
      },
    ],
  },
  {
    name: "network with a space",
    spec: { docker: { network: "my net" } },
    problems: [
      { path: "docker.network", message: 'must be the name of a network: letters, digits and _.-, got "my net"' },
    ],
  },
  {
    name: "engine that is no address",
    spec: { docker: { host: "the laptop" } },
    problems: [
      {
        path: "docker.host",
        message:
          'must be in the form of DOCKER_HOST, such as "unix:///var/run/docker.sock" or "tcp://10.0.0.1:2376", got "the laptop"',
      },
    ],
  },
  {
    name: "restart policy unknown",
    spec: { docker: { restartPolicy: "on-failure:5" } },
    problems: [
      {
        path: "docker.restartPolicy",
        message: 'must be one of no, on-failure, always, unless-stopped, got "on-failure:5"',
      },
    ],
  },
  {
    name: "labels reserved, in upper case, and with a line break",
    spec: { docker: { labels: { "pgharbor.cluster": "other", Team: "x", team: "a\nb" } } },
    problems: [
      {
        path: 'docker.labels["pgharbor.cluster"]',
        message:
          "starts with a reserved prefix (pgharbor., com.docker., io.docker., org.dockerproject.); choose another name",
      },
      {
        path: "docker.labels.Team",
        message:
          "must be named with lower-case letters, digits and ._/-, a letter or digit first and last, at most 128",
      },
      { path: "docker.labels.team", message: 'must be one line of at most 1024 characters, got "a\\nb"' },
    ],
  },
  {
    name: "publish unknown",
    spec: { docker: { publish: "random" } },
    problems: [{ path: "docker.publish", message: 'must be one of fixed, auto, got "random"' }],
  },
  {
    name: "certificate for a URL, twice",
    spec: { docker: {}, tls: { hostnames: ["https://db.example", "db.example", "db.example", "10.0.0.300"] } },
    problems: [
      {
        path: "tls.hostnames[0]",
        message: 'must be a host name or an IP address, without port or scheme, got "https://db.example"',
      },
      { path: "tls.hostnames[2]", message: 'is listed twice, got "db.example"; remove one' },
      {
        path: "tls.hostnames[3]",
        message: 'must be a host name or an IP address, without port or scheme, got "10.0.0.300"',
      },
    ],
  },
  {
    name: "certificate valid for no day",
    spec: { docker: {}, tls: { validityDays: 0 } },
    problems: [{ path: "tls.validityDays", message: "must be a whole number from 1 to 36500, got 0" }],
  },
  {
    name: "image with a space",
    spec: { docker: {}, images: { postgres: "my image" } },
    problems: [
      {
        path: "images.postgres",
        message: 'must be an image reference such as "registry.example/pgharbor/postgres:1.0", got "my image"',
      },
    ],
  },
  {
    name: "everything at once",
    spec: {
      docker: { etcdMembers: 4 },
      kubernetes: {},
      members: 20,
      postgresVersion: "12",
      sync: "strict",
      syncReplicas: 16,
      resources: { disk: "4GB" },
      hba: [{ user: "app", db: "app", addr: "cluster" }],
      services: [{ name: "x", port: 5433, destination: "mysql" }],
    },
    problems: [
      { path: "members", message: "must be a whole number from 1 to 16, got 20" },
      { path: "syncReplicas", message: "must be a whole number from 0 to 15, got 16" },
      { path: "kubernetes", message: "two platforms are given, docker and kubernetes; leave one of them out" },
      {
        path: "docker.etcdMembers",
        message: "must be odd: 4 members tolerate no more failures than 3, got 4; use 1 or 3",
      },
      {
        path: "postgresVersion",
        message: 'is no longer maintained by PostgreSQL\'s developers, got "12"; use "17" or "15"',
      },
      { path: "resources.disk", message: 'must be from 8GB to 1TB, got "4GB"' },
      {
        path: "hba[0].addr",
        message:
          '"cluster" is unknown to gateways, because the network is created later; write the CIDR of the network, or of pods',
      },
      {
        path: "services[0].destination",
        message: 'must be "postgres", "pgbouncer" or a port from 1 to 65535 in quotes, got "mysql"',
      },
      {
        path: "services[0].port",
        message:
          "is taken by the default service primary, got 5433; choose another, or leave primary out of defaultServices",
      },
    ],
  },
];
