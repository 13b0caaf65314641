import type { BadCluster } from "./types";

const keptPort = (port: number) =>
  `is reserved for gateways on Kubernetes (5432, 6432–6447, 6532–6547, 7000–7033, 8008), got ${port}; choose another, or use destination "pgbouncer"`;
const idleNodePort = (port: number) =>
  `has no effect with type "ClusterIP", got ${port}; use type "NodePort" or "LoadBalancer", or leave it out`;
const direct = (name: string, port: number) => ({ name, port, destination: "postgres" });
const ownName = (name: string) => `is reserved for the cluster's objects on Kubernetes, got "${name}"; choose another`;

/** Services that are invalid on Kubernetes, and arguments that only services on Kubernetes have. */
export const badKubernetesServices: BadCluster[] = [
  {
    name: "Kubernetes Service on Docker",
    spec: { docker: {}, services: [{ name: "a", port: 5435, kubernetes: { type: "NodePort", nodePort: 30001 } }] },
    problems: [
      {
        path: "services[0].kubernetes",
        message: "applies only on Kubernetes, and this cluster is on Docker; leave it out",
      },
    ],
  },
  {
    name: "bind addresses on Kubernetes",
    spec: {
      kubernetes: {},
      services: [
        { name: "a", port: 5435, bindAddress: "*" },
        { name: "b", port: 5437, bindAddress: "vip" },
      ],
    },
    problems: ["*", "vip"].map((address, i) => ({
      path: `services[${i}].bindAddress`,
      message: `applies only on Docker, got "${address}"; on Kubernetes use kubernetes.type and kubernetes.sourceRanges of the service`,
    })),
  },
  {
    name: "Kubernetes Service with wrong types",
    spec: {
      kubernetes: {},
      services: [
        { name: "a", port: 5435, kubernetes: { type: "nodePort", nodePort: 30001 } },
        { name: "b", port: 5437, kubernetes: { type: "NodePort", nodePort: 5437 } },
        { name: "c", port: 5439, kubernetes: { ports: [5439] } },
        { name: "d", port: 5441, kubernetes: { annotations: { x: 1 } } },
      ],
    },
    problems: [
      {
        path: "services[0].kubernetes.type",
        message: 'must be one of ClusterIP, NodePort, LoadBalancer, got "nodePort"',
      },
      {
        path: "services[1].kubernetes.nodePort",
        message: "must be a whole number from 30000 to 32767, got 5437",
      },
      {
        path: "services[2].kubernetes.ports",
        message: "is not a field; fields here are type, nodePort, annotations, sourceRanges, externalTrafficPolicy",
      },
      { path: "services[3].kubernetes.annotations.x", message: "must be a string, got 1; write it in quotes" },
    ],
  },
  {
    name: "port of nodes without a Service that has one",
    spec: {
      kubernetes: { serviceType: "NodePort" },
      services: [
        { name: "a", port: 5435, kubernetes: { nodePort: 30001 } },
        { name: "b", port: 5437, kubernetes: { type: "ClusterIP", nodePort: 30002 } },
      ],
    },
    problems: [{ path: "services[1].kubernetes.nodePort", message: idleNodePort(30002) }],
  },
  {
    name: "port of nodes with the default type",
    spec: { kubernetes: {}, services: [{ name: "primary", port: 5433, kubernetes: { nodePort: 30001 } }] },
    problems: [{ path: "services[0].kubernetes.nodePort", message: idleNodePort(30001) }],
  },
  {
    name: "same port of nodes twice",
    spec: {
      kubernetes: { serviceType: "NodePort" },
      services: [
        { name: "a", port: 5435, kubernetes: { nodePort: 30001 } },
        { name: "b", port: 5437, kubernetes: { type: "LoadBalancer", nodePort: 30001 } },
      ],
    },
    problems: [
      { path: "services[1].kubernetes.nodePort", message: "is taken by services[0], got 30001; choose another" },
    ],
  },
  {
    name: "a way from outside to what has none",
    spec: {
      kubernetes: {},
      services: [
        { name: "a", port: 5435, kubernetes: { externalTrafficPolicy: "Local" } },
        { name: "b", port: 5437, kubernetes: { type: "NodePort", externalTrafficPolicy: "local" } },
      ],
    },
    problems: [
      {
        path: "services[1].kubernetes.externalTrafficPolicy",
        message: 'must be one of Cluster, Local, got "local"',
      },
      {
        path: "services[0].kubernetes.externalTrafficPolicy",
        message: 'has no effect with type "ClusterIP"; use type "NodePort" or "LoadBalancer", or leave it out',
      },
    ],
  },
  {
    name: "source ranges without a load balancer",
    spec: {
      kubernetes: {},
      services: [{ name: "a", port: 5435, kubernetes: { type: "NodePort", sourceRanges: ["10.0.0.0/8"] } }],
    },
    problems: [
      {
        path: "services[0].kubernetes.sourceRanges",
        message:
          'has no effect with type "NodePort"; use type "LoadBalancer", or kubernetes.networkPolicy.clients of the cluster',
      },
    ],
  },
  {
    name: "source ranges that are none",
    spec: {
      kubernetes: { serviceType: "LoadBalancer" },
      services: [
        { name: "a", port: 5435, kubernetes: { sourceRanges: [] } },
        { name: "b", port: 5437, kubernetes: { sourceRanges: ["10.0.0.0", "10.0.0.0/8", "10.0.0.0/8"] } },
      ],
    },
    problems: [
      {
        path: "services[0].kubernetes.sourceRanges",
        message: "is empty: a load balancer takes that for everyone; leave it out for every address",
      },
      {
        path: "services[1].kubernetes.sourceRanges[0]",
        message: 'must have a prefix length, got "10.0.0.0"; write "10.0.0.0/32" for this address alone',
      },
      {
        path: "services[1].kubernetes.sourceRanges[2]",
        message: 'is listed twice, got "10.0.0.0/8"; remove one',
      },
    ],
  },
  {
    name: "annotations of a Kubernetes Service",
    spec: {
      kubernetes: { annotations: { notes: "x".repeat(200_000) } },
      services: [
        { name: "a", port: 5435, kubernetes: { annotations: { "pgharbor.x": "1", "a b": "1" } } },
        { name: "b", port: 5437, kubernetes: { annotations: { more: "x".repeat(50_000) } } },
      ],
    },
    problems: [
      {
        path: 'services[0].kubernetes.annotations["pgharbor.x"]',
        message: "is set by pgharbor, Pulumi, kubectl or Kubernetes; choose another name",
      },
      {
        path: 'services[0].kubernetes.annotations["a b"]',
        message:
          "the key must be letters, digits and _.-, a letter or digit first and last, at most 63; optionally after a DNS name and /",
      },
      {
        path: "services[1].kubernetes.annotations",
        message:
          "must have at most 245760 bytes with their keys, because Kubernetes allows 262144 on an object, got 250009; shorten them",
      },
    ],
  },
  {
    name: "services named as the cluster's own on Kubernetes",
    spec: {
      kubernetes: {},
      services: ["members", "gateway", "monitoring", "audit-gateway", "mcp-local"].map((name, i) => ({
        name,
        port: 5440 + i,
      })),
    },
    problems: ["members", "gateway", "monitoring", "audit-gateway", "mcp-local"].map((name, i) => ({
      path: `services[${i}].name`,
      message: ownName(name),
    })),
  },
  {
    name: "services named as on Docker, too",
    spec: { kubernetes: {}, services: ["poolers", "haproxy", "m1"].map((name, i) => ({ name, port: 5440 + i })) },
    problems: ["poolers", "haproxy", "m1"].map((name, i) => ({
      path: `services[${i}].name`,
      message: `is reserved for the cluster's containers, got "${name}"; choose another`,
    })),
  },
  {
    name: "service too long for its container on Kubernetes",
    spec: { kubernetes: {}, services: [{ name: "a".repeat(44), port: 5435 }] },
    problems: [
      {
        path: "services[0].name",
        message: `makes the container name "shop-gateway-pooler-${"a".repeat(44)}", which has 64 characters; shorten it by 1 to 63`,
      },
    ],
  },
  {
    name: "direct services at ports of the gateways' pods",
    spec: {
      kubernetes: {},
      services: [
        direct("a", 5432),
        direct("b", 6440),
        direct("c", 6532),
        direct("d", 7000),
        direct("e", 7033),
        direct("f", 8008),
        direct("g", 7034),
      ],
    },
    problems: [5432, 6440, 6532, 7000, 7033, 8008].map((port, i) => ({
      path: `services[${i}].port`,
      message: keptPort(port),
    })),
  },
  {
    name: "direct service at a port of the gateways' pods before PostgreSQL 17",
    spec: { kubernetes: {}, postgresVersion: "15", services: [direct("a", 7001)] },
    problems: [{ path: "services[0].port", message: keptPort(7001) }],
  },
  {
    name: "direct service at a privileged port",
    spec: { kubernetes: {}, services: [direct("a", 443)] },
    problems: [
      {
        path: "services[0].port",
        message: 'needs a privilege that pods do not have, got 443; use one from 1024 up, or destination "pgbouncer"',
      },
    ],
  },
  {
    name: "direct services at the same port",
    spec: { kubernetes: {}, services: [direct("a", 5436), direct("b", 5445), direct("c", 5445)] },
    problems: [
      {
        path: "services[0].port",
        message:
          "is taken by the default service default, got 5436; choose another, or leave default out of defaultServices",
      },
      { path: "services[2].port", message: "is taken by services[1], got 5445; choose another" },
    ],
  },
  {
    name: "more poolers than a pod has ports",
    spec: {
      kubernetes: {},
      parameters: { max_connections: "1000" },
      services: Array.from({ length: 16 }, (_, i) => ({ name: `s${i}`, port: 5500 + i, checkPath: "/primary" })),
    },
    problems: [
      {
        path: "services",
        message:
          'must have at most 16 with a pooler that follow the primary, because they share a pod\'s ports on Kubernetes, got 17; use destination "postgres" for some, or a PgService',
      },
    ],
  },
  {
    name: "poolers of two gateways, which Kubernetes has by default",
    spec: { kubernetes: {}, pool: { maxDbConnections: 41 } },
    problems: [
      {
        path: "pool.maxDbConnections",
        message:
          'primary 2 × (41 + 2 for passwords) + replica 2 × (1 + 2 for passwords) + default 2 × 1 connections may be open to a primary, and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): 113 in all, but max_connections is 100; lower maxDbConnections to 34, or raise parameters.max_connections to "113"',
      },
    ],
  },
];
