/** A valid program with its expected warnings. */
export interface GoodCluster {
  name: string;
  /** @default "shop" */
  cluster?: string;
  spec: unknown;
  warnings?: string[];
}

export const goodOnKubernetes: GoodCluster[] = [
  { name: "Kubernetes", spec: { kubernetes: {} } },
  { name: "an existing namespace", spec: { kubernetes: { namespace: "1-shop" } } },
  {
    name: "the longest name on Kubernetes",
    cluster: "a".repeat(38),
    spec: {
      kubernetes: { clusterDomain: "k8s.example.com" },
      members: 16,
      gateways: 16,
      parameters: { max_connections: "200" },
    },
  },
  { name: "a network of Docker's, on Kubernetes", cluster: "bridge", spec: { kubernetes: {} } },
  {
    name: "all that may be said of Kubernetes",
    spec: {
      kubernetes: {
        namespace: "shop",
        clusterDomain: "cluster.local",
        podCidrs: ["240.0.0.0/4", "2001:db8::/32"],
        storage: { storageClass: "fast.example.com", retainOnDelete: true, retainOnScaleDown: true },
        serviceType: "LoadBalancer",
        scheduling: {
          spread: "required",
          topologyKey: "topology.kubernetes.io/zone",
          nodeSelector: { "kubernetes.io/os": "linux", "example.com/Disk_type": "" },
          tolerations: [
            { operator: "Exists" },
            { key: "dedicated", value: "db", effect: "NoSchedule" },
            { key: "dedicated" },
            { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
          ],
          priorityClass: "system-cluster-critical",
        },
        gatewayResources: { cpu: 0.5, memory: "32MB" },
        networkPolicy: {
          enabled: true,
          clients: [{ namespace: "web" }, { podLabels: { "app.kubernetes.io/name": "api" } }, { cidr: "fd00::/8" }],
          monitoring: [{ podLabels: { app: "prometheus" } }],
          supportingServiceEgress: [{ namespace: "identity" }],
          apiServer: ["10.96.0.1/32", "::/0"],
          apiServerPorts: [16443],
        },
        connection: { context: "arn:aws:eks:eu-central-1:1:cluster/shop", address: "[fd00::1]:5436" },
        imagePullSecrets: ["registry", "registry.example.com"],
        labels: { team: "Shop_1.a", "example.com/cost-centre": "", roles: "x", "app.kubernetes.io/part-of": "x" },
        annotations: { "Example.com/notes": "two\nlines ✓", "kubectl.kubernetes.io/restartedAt": "today", a: "" },
      },
      memberSettings: { m1: { host: "local" } },
      tls: { hostnames: ["db.example.com"] },
    },
  },
  {
    name: "the name that clients outside know, in a certificate that is there",
    spec: { kubernetes: { certificates: { secret: "own" } }, tls: { hostnames: ["db.example.com"] } },
  },
  {
    name: "days of the certificates that an Issuer makes",
    spec: { kubernetes: { certificates: { issuer: "ca" } }, tls: { validityDays: 365 } },
  },
  {
    name: "no policies",
    spec: { kubernetes: { networkPolicy: { enabled: false } } },
  },
  {
    name: "services of every type",
    spec: {
      kubernetes: { connection: { address: "10.0.0.1:32000" } },
      services: [
        { name: "primary", port: 5433, kubernetes: { type: "NodePort", nodePort: 30000 } },
        {
          name: "outside",
          port: 5440,
          kubernetes: {
            type: "LoadBalancer",
            nodePort: 32767,
            annotations: { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb", status: "mine" },
            sourceRanges: ["10.0.0.0/8", "fd00::/8"],
            externalTrafficPolicy: "Local",
          },
        },
        { name: "inside", port: 5441, kubernetes: { type: "ClusterIP" } },
      ],
    },
  },
  {
    name: "one port for every service with a pooler, each in a Service of its own",
    spec: {
      kubernetes: {},
      services: [
        { name: "primary", port: 5432 },
        { name: "replica", port: 5432 },
        { name: "reports", port: 5436, checkPath: "/replica" },
        { name: "secure", port: 443, checkPath: "/replica" },
        { name: "pool", port: 6432, checkPath: "/replica" },
      ],
    },
  },
  {
    name: "direct services just beside the ports of gateways",
    spec: {
      kubernetes: {},
      postgresVersion: "15",
      services: [1024, 5431, 6448, 6548, 6999, 7034].map((port) => ({
        name: `s${port}`,
        port,
        destination: "postgres",
      })),
    },
  },
  {
    name: "as many poolers as a pod has ports for",
    spec: {
      kubernetes: {},
      gateways: 1,
      parameters: { max_connections: "200" },
      services: Array.from({ length: 30 }, (_, i) => ({
        name: `s${i}`,
        port: 5500 + i,
        checkPath: i % 2 === 0 ? "/primary" : "/replica",
      })),
    },
  },
];
