import type { BadCluster } from "./types";

const OBJECT_NAME =
  "must be lower-case letters, digits, hyphens and dots, a letter or digit first and last, at most 253";
const LABEL = "must be lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 63";
const NAMESPACE = "must be lower-case letters, digits and hyphens, a letter or digit first and last, at most 63";
const QUALIFIED =
  "must be letters, digits and _.-, a letter or digit first and last, at most 63; optionally after a DNS name and /";
const VALUE = "must be letters, digits and _.-, a letter or digit first and last, at most 63, or empty";
const RESERVED_LABEL =
  "is reserved (pgharbor., pulumi.com/, kubernetes.io/ and k8s.io/ with all below them, but for app.kubernetes.io/part-of and others that we do not write); choose another name";
const RESERVED_ANNOTATION = "is set by pgharbor, Pulumi, kubectl or Kubernetes; choose another name";

/** Specifications that are invalid only on Kubernetes, except those of services. */
export const badKubernetes: BadCluster[] = [
  {
    name: "kubernetes as a switch",
    spec: { kubernetes: true, services: [{ name: "a", port: 5435, kubernetes: {} }] },
    problems: [{ path: "kubernetes", message: "must be an object, got true" }],
  },
  {
    name: "kubernetes misspelt",
    spec: { kubernetes: { nameSpace: "shop" } },
    problems: [
      {
        path: "kubernetes.nameSpace",
        message:
          "is not a field; did you mean namespace? Fields here are namespace, clusterDomain, podCidrs, storage, serviceType, scheduling, gatewayResources, networkPolicy, connection, certificates, passwordSecret, imagePullSecrets, backupServiceAccount, labels, annotations",
      },
    ],
  },
  {
    name: "kubernetes with wrong types, each one problem",
    spec: {
      kubernetes: {
        namespace: 5,
        storage: "fast",
        serviceType: "nodeport",
        scheduling: { spread: false, tolerations: {} },
        imagePullSecrets: "registry",
        labels: { team: 7 },
      },
      services: [{ name: "a", port: 5435, kubernetes: { nodePort: 30001, sourceRanges: ["10.0.0.0/8"] } }],
    },
    problems: [
      { path: "kubernetes.namespace", message: "must be a string, got 5; write it in quotes" },
      { path: "kubernetes.storage", message: 'must be an object, got "fast"' },
      { path: "kubernetes.serviceType", message: 'must be one of ClusterIP, NodePort, LoadBalancer, got "nodeport"' },
      {
        path: "kubernetes.scheduling.spread",
        message: "must be one of preferred, required, none, got false; write it in quotes",
      },
      { path: "kubernetes.scheduling.tolerations", message: "must be a list, got an object" },
      { path: "kubernetes.imagePullSecrets", message: 'must be a list, got "registry"' },
      { path: "kubernetes.labels.team", message: "must be a string, got 7; write it in quotes" },
    ],
  },
  {
    name: "kubernetes namespace with a slash",
    spec: { kubernetes: { namespace: "Shop/Prod" } },
    problems: [{ path: "kubernetes.namespace", message: `${NAMESPACE}, got "Shop/Prod"` }],
  },
  {
    name: "kubernetes namespace of nothing",
    spec: { kubernetes: { namespace: "" } },
    problems: [{ path: "kubernetes.namespace", message: `${NAMESPACE}, got ""` }],
  },
  {
    name: "cluster name too long for its pods",
    cluster: "a".repeat(39),
    spec: { kubernetes: {} },
    problems: [
      {
        path: "name",
        message: `must be at most 38 on Kubernetes, for names of pods start with it and have at most 63, got 39: "${"a".repeat(39)}"`,
      },
    ],
  },
  {
    name: "cluster name with a digit first on Kubernetes",
    cluster: "1shop",
    spec: { kubernetes: {} },
    problems: [{ path: "name", message: `${LABEL}, got "1shop"` }],
  },
  ...[".cluster.local", "cluster.local.", "Cluster.Local", "10.0.0.1", ""].map((clusterDomain) => ({
    name: `domain of the Kubernetes cluster: ${JSON.stringify(clusterDomain)}`,
    spec: { kubernetes: { clusterDomain } },
    problems: [
      {
        path: "kubernetes.clusterDomain",
        message: `must be a DNS name in lower case without a dot first or last, such as "cluster.local", got ${JSON.stringify(clusterDomain)}`,
      },
    ],
  })),
  {
    name: "domain too long for members' names",
    spec: { kubernetes: { clusterDomain: `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}` } },
    problems: [
      {
        path: "kubernetes.clusterDomain",
        message: "makes members' names longer than the 253 characters of DNS, got 191 characters; shorten it by 30",
      },
    ],
  },
  {
    name: "names of existing objects that are none",
    spec: {
      kubernetes: {
        storage: { storageClass: "Fast_SSD" },
        scheduling: { priorityClass: "-high" },
        passwordSecret: "shop/passwords",
        imagePullSecrets: ["", "registry", "registry"],
        certificates: { issuer: "ca." },
      },
    },
    problems: [
      { path: "kubernetes.storage.storageClass", message: `${OBJECT_NAME}, got "Fast_SSD"` },
      { path: "kubernetes.certificates.issuer", message: `${OBJECT_NAME}, got "ca."` },
      { path: "kubernetes.passwordSecret", message: `${OBJECT_NAME}, got "shop/passwords"` },
      { path: "kubernetes.imagePullSecrets[0]", message: `${OBJECT_NAME}, got ""` },
      {
        path: "kubernetes.imagePullSecrets[2]",
        message: 'is listed twice, got "registry"; remove one',
      },
      { path: "kubernetes.scheduling.priorityClass", message: `${OBJECT_NAME}, got "-high"` },
    ],
  },
  {
    name: "certificates from nowhere",
    spec: { kubernetes: { certificates: {} } },
    problems: [
      { path: "kubernetes.certificates", message: "is empty; give exactly one of issuer, clusterIssuer, secret" },
    ],
  },
  {
    name: "certificates from two places",
    spec: { kubernetes: { certificates: { clusterIssuer: 5, secret: "own" } } },
    problems: [
      {
        path: "kubernetes.certificates",
        message: "must have only one of issuer, clusterIssuer, secret, got clusterIssuer and secret; leave one out",
      },
      { path: "kubernetes.certificates.clusterIssuer", message: "must be a string, got 5; write it in quotes" },
    ],
  },
  {
    name: "certificates misspelt",
    spec: { kubernetes: { certificates: { isuer: "ca" } } },
    problems: [
      {
        path: "kubernetes.certificates.isuer",
        message: "is not a field; did you mean issuer? Fields here are issuer, clusterIssuer, secret",
      },
    ],
  },
  {
    name: "days of a certificate that is there",
    spec: { kubernetes: { certificates: { secret: "own" } }, tls: { validityDays: 90, hostnames: ["db.example.com"] } },
    problems: [
      {
        path: "tls.validityDays",
        message:
          "has no effect with kubernetes.certificates.secret, whose certificate has a fixed validity, got 90; leave it out",
      },
    ],
  },
  {
    name: "etcd on Kubernetes",
    spec: { kubernetes: {}, images: { etcd: "registry.example/etcd:3" } },
    problems: [
      {
        path: "images.etcd",
        message:
          'has no effect on Kubernetes, where Patroni uses ConfigMaps instead of etcd, got "registry.example/etcd:3"; leave it out',
      },
    ],
  },
  {
    name: "hosts of members on Kubernetes",
    spec: { kubernetes: {}, memberSettings: { m1: { host: "local" }, m2: { host: "rack-1" } } },
    problems: [
      {
        path: "memberSettings.m2.host",
        message: 'has no effect on Kubernetes, got "rack-1"; choose nodes with kubernetes.scheduling.nodeSelector',
      },
    ],
  },
  {
    name: "labels that are not one's own",
    spec: {
      kubernetes: {
        labels: {
          "pgharbor.cluster": "x",
          "pgharbor.io/x": "x",
          "app.kubernetes.io/name": "x",
          "kubernetes.io/x": "x",
          "node.k8s.io/x": "x",
          "pulumi.com/x": "x",
          role: "primary",
          "pod-template-hash": "x",
          "notkubernetes.io/x": "mine",
        },
      },
    },
    problems: [
      { path: 'kubernetes.labels["pgharbor.cluster"]', message: RESERVED_LABEL },
      { path: 'kubernetes.labels["pgharbor.io/x"]', message: RESERVED_LABEL },
      { path: 'kubernetes.labels["app.kubernetes.io/name"]', message: RESERVED_LABEL },
      { path: 'kubernetes.labels["kubernetes.io/x"]', message: RESERVED_LABEL },
      { path: 'kubernetes.labels["node.k8s.io/x"]', message: RESERVED_LABEL },
      { path: 'kubernetes.labels["pulumi.com/x"]', message: RESERVED_LABEL },
      {
        path: "kubernetes.labels.role",
        message: "is used by Patroni for the role of each member; choose another name",
      },
      {
        path: "kubernetes.labels.pod-template-hash",
        message: "is set by Kubernetes; choose another name",
      },
    ],
  },
  ...["", "-team", "team name", "Example.com/team", "a/b/team", "/team", "example.com/", "x".repeat(64), "größe"].map(
    (key) => ({
      name: `label named ${JSON.stringify(key)}`,
      spec: { kubernetes: { labels: { [key]: "shop" } } },
      problems: [
        {
          path:
            /^[a-z]\w*$/i.test(key) && key.length < 65
              ? `kubernetes.labels.${key}`
              : `kubernetes.labels[${JSON.stringify(key)}]`,
          message: `the key ${QUALIFIED}`,
        },
      ],
    }),
  ),
  {
    name: "values of labels",
    spec: { kubernetes: { labels: { team: "the shop", owner: "a@example.com", empty: "", line: "a\nb" } } },
    problems: [
      { path: "kubernetes.labels.team", message: `${VALUE}, got "the shop"` },
      { path: "kubernetes.labels.owner", message: `${VALUE}, got "a@example.com"` },
      { path: "kubernetes.labels.line", message: `${VALUE}, got "a\\nb"` },
    ],
  },
  {
    name: "annotations that are not one's own",
    spec: {
      kubernetes: {
        annotations: {
          "pgharbor.revision": "x",
          "pulumi.com/skipAwait": "true",
          "kubectl.kubernetes.io/last-applied-configuration": "{}",
          "pv.kubernetes.io/bind-completed": "yes",
          "deployment.kubernetes.io/revision": "1",
          status: "{}",
          "two words": "x",
        },
      },
    },
    problems: [
      { path: 'kubernetes.annotations["pgharbor.revision"]', message: RESERVED_ANNOTATION },
      { path: 'kubernetes.annotations["pulumi.com/skipAwait"]', message: RESERVED_ANNOTATION },
      {
        path: 'kubernetes.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
        message: RESERVED_ANNOTATION,
      },
      { path: 'kubernetes.annotations["pv.kubernetes.io/bind-completed"]', message: RESERVED_ANNOTATION },
      { path: 'kubernetes.annotations["deployment.kubernetes.io/revision"]', message: RESERVED_ANNOTATION },
      { path: 'kubernetes.annotations["two words"]', message: `the key ${QUALIFIED}` },
      {
        path: "kubernetes.annotations.status",
        message: "is used by Patroni for the state of each member; choose another name",
      },
    ],
  },
  {
    name: "annotations without end",
    spec: { kubernetes: { annotations: { notes: "ö".repeat(122_880) } } },
    problems: [
      {
        path: "kubernetes.annotations",
        message:
          "must have at most 245760 bytes with their keys, because Kubernetes allows 262144 on an object, got 245765; shorten them",
      },
    ],
  },
  {
    name: "nodes chosen by labels that cannot be",
    spec: {
      kubernetes: {
        scheduling: { nodeSelector: { "node role": "db", zone: "a b" }, topologyKey: "topology.kubernetes.io/" },
      },
    },
    problems: [
      { path: "kubernetes.scheduling.topologyKey", message: `${QUALIFIED}, got "topology.kubernetes.io/"` },
      { path: 'kubernetes.scheduling.nodeSelector["node role"]', message: `the key ${QUALIFIED}` },
      { path: "kubernetes.scheduling.nodeSelector.zone", message: `${VALUE}, got "a b"` },
    ],
  },
  {
    name: "what apart means, where nothing keeps apart",
    spec: { kubernetes: { scheduling: { spread: "none", topologyKey: "topology.kubernetes.io/zone" } } },
    problems: [
      {
        path: "kubernetes.scheduling.topologyKey",
        message: 'has no effect with spread "none", got "topology.kubernetes.io/zone"; leave one of them out',
      },
    ],
  },
  {
    name: "tolerations that Kubernetes would refuse",
    spec: {
      kubernetes: {
        scheduling: {
          tolerations: [
            {},
            { key: "", operator: "Exists" },
            { key: "dedicated", operator: "Exists", value: "db" },
            { key: "dedicated", value: "d b" },
            { key: "dedicated", tolerationSeconds: 60 },
            { key: "dedicated", effect: "NoSchedule", tolerationSeconds: 60 },
            { key: "dedicated", effect: "noExecute", tolerationSeconds: 60 },
            { key: "dedicated", effect: "NoExecute", tolerationSeconds: -1 },
          ],
        },
      },
    },
    problems: [
      {
        path: "kubernetes.scheduling.tolerations[6].effect",
        message: 'must be one of NoSchedule, PreferNoSchedule, NoExecute, got "noExecute"',
      },
      {
        path: "kubernetes.scheduling.tolerations[7].tolerationSeconds",
        message: "must be a whole number from 0 to 31536000, got -1",
      },
      {
        path: "kubernetes.scheduling.tolerations[0].key",
        message:
          'is missing: only operator "Exists" can do without, and tolerates every taint; give the key of the taint',
      },
      { path: "kubernetes.scheduling.tolerations[1].key", message: `${QUALIFIED}, got ""` },
      {
        path: "kubernetes.scheduling.tolerations[2].value",
        message: 'has no effect with operator "Exists", got "db"; use operator "Equal" or leave it out',
      },
      { path: "kubernetes.scheduling.tolerations[3].value", message: `${VALUE}, got "d b"` },
      ...[4, 5].map((i) => ({
        path: `kubernetes.scheduling.tolerations[${i}].tolerationSeconds`,
        message: 'applies only with effect "NoExecute", got 60; set that effect or leave it out',
      })),
    ],
  },
  {
    name: "clients of the network that are nobody, or two",
    spec: {
      kubernetes: {
        networkPolicy: {
          clients: [{}, { namespace: "web", cidr: "10.0.0.0/8" }, { podLabels: {} }, { podLabels: { app: "a b" } }],
        },
      },
    },
    problems: [
      {
        path: "kubernetes.networkPolicy.clients[0]",
        message: "is empty; give exactly one of namespace, podLabels, cidr",
      },
      {
        path: "kubernetes.networkPolicy.clients[1]",
        message: "must have only one of namespace, podLabels, cidr, got namespace and cidr; leave one out",
      },
      {
        path: "kubernetes.networkPolicy.clients[2].podLabels",
        message: "is empty, which would select every pod of the cluster's namespace; give a label, or use namespace",
      },
      { path: "kubernetes.networkPolicy.clients[3].podLabels.app", message: `${VALUE}, got "a b"` },
    ],
  },
  {
    name: "others of the network that are nobody, or nowhere",
    spec: { kubernetes: { networkPolicy: { monitoring: [{}], supportingServiceEgress: [{ cidr: "10.0.0.1" }] } } },
    problems: [
      {
        path: "kubernetes.networkPolicy.monitoring[0]",
        message: "is empty; give exactly one of namespace, podLabels, cidr",
      },
      {
        path: "kubernetes.networkPolicy.supportingServiceEgress[0].cidr",
        message: 'must have a prefix length, got "10.0.0.1"; write "10.0.0.1/32" for this address alone',
      },
    ],
  },
  {
    name: "gateways of no size",
    spec: { kubernetes: { gatewayResources: { cpu: 0, memory: "16MB" } } },
    problems: [
      {
        path: "kubernetes.gatewayResources.cpu",
        message: "must be a number of cores from 0.01 to 128, got 0",
      },
      {
        path: "kubernetes.gatewayResources.memory",
        message: 'must be a size with its unit kB, MB, GB or TB, from 32MB to 1TB, got "16MB"',
      },
    ],
  },
  {
    name: "clients of the network at addresses that are none",
    spec: {
      kubernetes: {
        networkPolicy: {
          clients: [
            { namespace: "Web" },
            { cidr: "10.0.0.1" },
            { cidr: "10.0.0.0/33" },
            { cidr: "fd00::/129" },
            { cidr: "example.com/8" },
            { cidr: "fe80::1%eth0/64" },
            { cidr: "0.0.0.0/0" },
          ],
        },
      },
    },
    problems: [
      { path: "kubernetes.networkPolicy.clients[0].namespace", message: `${NAMESPACE}, got "Web"` },
      {
        path: "kubernetes.networkPolicy.clients[1].cidr",
        message: 'must have a prefix length, got "10.0.0.1"; write "10.0.0.1/32" for this address alone',
      },
      {
        path: "kubernetes.networkPolicy.clients[2].cidr",
        message: 'must have a prefix length from 0 to 32, got "10.0.0.0/33"',
      },
      {
        path: "kubernetes.networkPolicy.clients[3].cidr",
        message: 'must have a prefix length from 0 to 128, got "fd00::/129"',
      },
      {
        path: "kubernetes.networkPolicy.clients[4].cidr",
        message: 'must be a CIDR such as 10.0.0.0/8, got "example.com/8"',
      },
      {
        path: "kubernetes.networkPolicy.clients[5].cidr",
        message: 'must be a CIDR such as 10.0.0.0/8, got "fe80::1%eth0/64"',
      },
    ],
  },
  {
    name: "nobody may connect, nor members reach the API server",
    spec: { kubernetes: { networkPolicy: { clients: [], apiServer: [], apiServerPorts: [] } } },
    problems: [
      {
        path: "kubernetes.networkPolicy.clients",
        message: "is empty: nobody could connect to any service; list clients, or leave it out for everyone",
      },
      {
        path: "kubernetes.networkPolicy.apiServerPorts",
        message:
          "is empty: members could not connect to the API server, and none would lead; leave it out for 443 and 6443",
      },
      {
        path: "kubernetes.networkPolicy.apiServer",
        message:
          "is empty: members could not connect to the API server, and none would lead; leave it out for every address",
      },
    ],
  },
  {
    name: "networks of pods",
    spec: { kubernetes: { podCidrs: ["240.0.0.0/4", "240.0.0.1", "240.0.0.0/4"] } },
    problems: [
      {
        path: "kubernetes.podCidrs[1]",
        message: 'must have a prefix length, got "240.0.0.1"; write "240.0.0.1/32" for this address alone',
      },
      { path: "kubernetes.podCidrs[2]", message: 'is listed twice, got "240.0.0.0/4"; remove one' },
    ],
  },
  {
    name: "addresses and ports of the API server",
    spec: {
      kubernetes: {
        networkPolicy: { apiServer: ["10.96.0.1/32", "10.96.0.1:443", "10.96.0.1/32"], apiServerPorts: [6443, 0] },
      },
    },
    problems: [
      {
        path: "kubernetes.networkPolicy.apiServerPorts[1]",
        message: "must be a whole number from 1 to 65535, got 0",
      },
      {
        path: "kubernetes.networkPolicy.apiServer[1]",
        message: 'must be a CIDR such as 10.0.0.0/8, got "10.96.0.1:443"',
      },
      {
        path: "kubernetes.networkPolicy.apiServer[2]",
        message: 'is listed twice, got "10.96.0.1/32"; remove one',
      },
    ],
  },
  {
    name: "policies of the network that are not made",
    spec: { kubernetes: { networkPolicy: { enabled: false, clients: [{ namespace: "web" }] } } },
    problems: [
      {
        path: "kubernetes.networkPolicy.clients",
        message: "has no effect with enabled false; leave one of them out",
      },
    ],
  },
  ...["shop", "shop:0", "shop:70000", "fd00::1:5436", "[shop]:5436", "*.example.com:5436", "https://shop:5436"].map(
    (address) => ({
      name: `address of the primary: ${address}`,
      spec: { kubernetes: { connection: { address } } },
      problems: [
        {
          path: "kubernetes.connection.address",
          message: `must be host:port such as "shop.example.com:5436" or "[fd00::1]:5436", got ${JSON.stringify(address)}`,
        },
      ],
    }),
  ),
  {
    name: "context of nothing",
    spec: { kubernetes: { connection: { context: "" } } },
    problems: [
      {
        path: "kubernetes.connection.context",
        message: 'must be the name of a context of the kubeconfig, got ""; leave it out for its current one',
      },
    ],
  },
];
