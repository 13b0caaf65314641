import type { BadCluster } from "./types";

export const badHba: BadCluster[] = [
  {
    name: "trust",
    spec: { docker: {}, hba: [{ user: "all", db: "all", addr: "world", auth: "trust" }] },
    problems: [{ path: "hba[0].auth", message: 'must be one of deny, ssl, cert, got "trust"' }],
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
      {
        path: "hba[0].user",
        message: 'is a user of the cluster itself, got "postgres"; pgharbor creates its rules; remove this one',
      },
      {
        path: "hba[1].user",
        message: 'is a user of the cluster itself, got "pgharbor_admin"; pgharbor creates its rules; remove this one',
      },
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
        message: 'must be "world", "intra" or a CIDR such as 10.0.0.0/8, got "all"',
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
        message: 'must be "world", "intra" or a CIDR such as 10.0.0.0/8, got "300.0.0.0/8"',
      },
      {
        path: "hba[5].addr",
        message: 'must be "world", "intra" or a CIDR such as 10.0.0.0/8, got "db.example"',
      },
      { path: "hba[6].addr", message: 'must have a prefix length from 0 to 32, got "10.0.0.0/8/8"' },
      {
        path: "hba[7].addr",
        message: 'must be "world", "intra" or a CIDR such as 10.0.0.0/8, got "fe80::1%eth0/64"',
      },
    ],
  },
  {
    name: "order of the cluster's own rules",
    spec: {
      docker: {},
      hba: [
        { user: "all", db: "all", addr: "intra", order: 5 },
        { user: "all", db: "all", addr: "intra", order: 1000 },
      ],
    },
    problems: [
      { path: "hba[0].order", message: "must be a whole number from 100 to 999, got 5" },
      { path: "hba[1].order", message: "must be a whole number from 100 to 999, got 1000" },
    ],
  },
  {
    name: "addresses that no gateway can see",
    spec: {
      docker: {},
      hba: [
        { user: "all", db: "all", addr: "local" },
        { user: "all", db: "all", addr: "localhost" },
        { user: "all", db: "all", addr: "cluster" },
        { user: "all", db: "all", addr: "0.0.0.0/0" },
        { user: "all", db: "all", addr: "10.1.2.3/16" },
        { user: "all", db: "all", addr: "2001:db8::1/32" },
      ],
    },
    problems: [
      {
        path: "hba[0].addr",
        message: '"local" is a Unix socket of a member, to which no service connects; remove the rule',
      },
      {
        path: "hba[1].addr",
        message:
          '"localhost" is a member\'s loopback, from which no client connects; write the CIDR that a gateway sees, which for the Docker host is the gateway of the network',
      },
      {
        path: "hba[2].addr",
        message:
          '"cluster" is unknown to gateways, because the network is created later; write the CIDR of the network, or of pods',
      },
      { path: "hba[3].addr", message: 'is every address of one family, got "0.0.0.0/0"; write "world"' },
      { path: "hba[4].addr", message: 'has bits beyond the prefix, got "10.1.2.3/16"; write "10.1.0.0/16"' },
      { path: "hba[5].addr", message: 'has bits beyond the prefix, got "2001:db8::1/32"; write "2001:db8::/32"' },
    ],
  },
  {
    name: "rules by address of a user, a database, a role or a member, where nobody can see both",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "shop", addr: "10.1.0.0/16" },
        { user: "app", db: "all", addr: "world", services: ["primary", "offline"] },
        { user: "+staff", db: "all", addr: "intra", services: ["primary"] },
        { user: "all", db: "all", addr: "intra", role: "offline" },
        { user: "all", db: "all", addr: "world", role: "offline", services: ["offline"] },
      ],
    },
    problems: [
      {
        path: "hba[0].addr",
        message:
          'cannot be checked for app and shop at default and offline: HAProxy sees addresses but neither user nor database; use all for both, or write services: ["primary", "replica"] and let a rule for all say who comes to default and offline',
      },
      {
        path: "hba[1].services",
        message:
          'cannot be checked for app and all at offline: HAProxy sees addresses but neither user nor database; use all for both, or write services: ["primary", "replica"] and let a rule for all say who comes to offline',
      },
      {
        path: "hba[2].user",
        message:
          'PgBouncer does not know who is a member of a role, got "+staff" with addr "intra"; write a rule for each user, or addr "world" without services',
      },
      {
        path: "hba[3].role",
        message:
          'a gateway does not know which member it leads to, got "offline" with addr "intra"; use addr "world" without services, or the selector of a service',
      },
      {
        path: "hba[4].role",
        message:
          'a gateway does not know which member it leads to, got "offline" with services; use addr "world" without services, or the selector of a service',
      },
    ],
  },
  {
    name: "certificates by address, and through poolers",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "all", addr: "world", auth: "cert" },
        { user: "all", db: "all", addr: "intra", auth: "cert", services: ["default", "offline"] },
        { user: "app", db: "all", addr: "world", auth: "cert", services: ["default"] },
      ],
    },
    problems: [
      {
        path: "hba[0].auth",
        message:
          'a pooler cannot pass a certificate on; write services: ["default", "offline"], all that are direct, and poolers refuse the same user, or use "ssl"',
      },
      {
        path: "hba[1].auth",
        message:
          'PostgreSQL asks for certificates and sees only HAProxy\'s address, got addr "intra"; use addr "world"',
      },
      {
        path: "hba[2].auth",
        message:
          'a pooler cannot pass a certificate on; write services: ["default", "offline"], all that are direct, and poolers refuse the same user, or use "ssl"',
      },
    ],
  },
  {
    name: "certificates where there are only poolers",
    spec: {
      docker: {},
      defaultServices: ["primary"],
      hba: [{ user: "app", db: "all", addr: "world", auth: "cert" }],
    },
    problems: [
      {
        path: "hba[0].auth",
        message: 'a pooler cannot pass a certificate on, and every service has one; use "ssl"',
      },
    ],
  },
  {
    name: "rules of services that are not there",
    spec: {
      docker: {},
      hba: [
        { user: "all", db: "all", addr: "world", auth: "deny", services: [] },
        { user: "all", db: "all", addr: "world", auth: "deny", services: ["primari"] },
      ],
    },
    problems: [
      {
        path: "hba[0].services",
        message: "is empty: the rule would apply nowhere; leave it out for every service",
      },
      {
        path: "hba[1].services",
        message: '"primari" is not a service of the cluster; it has primary, replica, default, offline',
      },
    ],
  },
  {
    name: "rules in an order that three programs cannot keep",
    spec: {
      docker: {},
      hba: [
        { user: "all", db: "all", addr: "intra" },
        { user: "mallory", db: "all", addr: "world", auth: "deny" },
      ],
    },
    problems: [
      {
        path: "hba[1]",
        message:
          "comes after hba[0], which allows some clients that this rule refuses: PostgreSQL checks this rule, sees neither addresses nor services, and would refuse them anyway; put it before hba[0] with order, or give both the same services or addresses",
      },
    ],
  },
  {
    name: "an address that is refused after a user is let in from everywhere",
    spec: {
      docker: {},
      hba: [
        { user: "app", db: "all", addr: "world" },
        { user: "all", db: "all", addr: "203.0.113.0/24", auth: "deny" },
      ],
    },
    problems: [
      {
        path: "hba[1]",
        message:
          "comes after hba[0], which allows some clients that this rule refuses: gateways check this rule before PostgreSQL checks hba[0]; put it before hba[0] by order, or give hba[0] services or an address, too",
      },
    ],
  },
];
