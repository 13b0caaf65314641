import {
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  SupportingService,
  type KubernetesServiceSpec,
  type KubernetesSpec,
} from "../../packages/pgharbor/src";
import { MockEngine, type Registered } from "../support/mock-engine";

/** Gateways and supporting services on Kubernetes: their resources, who may connect to them, and disruptions. */
async function declare(kubernetes: KubernetesSpec, beside?: (cluster: PostgresCluster) => void): Promise<MockEngine> {
  const engine = await MockEngine.start();
  const cluster = new PostgresCluster("shop", { kubernetes: { namespace: "data", ...kubernetes }, members: 2 });
  beside?.(cluster);
  return engine.settle();
}
const specOf = <T>({ inputs }: Registered): T => inputs.spec as T;
function balanced(cluster: PostgresCluster): void {
  const kubernetes: KubernetesServiceSpec = { type: "LoadBalancer", sourceRanges: ["192.0.2.0/24"] };
  new PgService("audit", { cluster, port: 5450, kubernetes });
}
function api(target: PostgresCluster): void {
  new SupportingService("api", {
    target,
    database: new PgDatabase("orders", { target }).databaseName,
    connectAs: new PgUser("reader", { target, username: "reader" }),
    image: "registry.example/api:1",
    containerPort: 8080,
    hosts: ["local"],
    secretFiles: { "/run/app/key": "one", "/run/app.key": "two" },
    kubernetes: { type: "LoadBalancer", sourceRanges: ["198.51.100.0/24"] },
  });
}

interface PodSpec {
  containers: { volumeMounts: { mountPath: string; subPath?: string }[] }[];
}
interface Policy {
  ingress: { from?: object[]; ports: { port: number | string }[] }[];
  egress: { to?: object[] }[];
}
const policyOf = (engine: MockEngine, name: string) =>
  specOf<Policy>(engine.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", name));

describe("the allowed clients", () => {
  const clients = [{ namespace: "web" }];
  const both = (cluster: PostgresCluster) => {
    balanced(cluster);
    api(cluster);
  };

  test("of a load balancer's source ranges may use only its service", async () => {
    const engine = await declare({ networkPolicy: { clients } }, both);
    const { ingress } = policyOf(engine, "shop-audit-gateway");
    expect(ingress).toContainEqual({
      from: [{ ipBlock: { cidr: "192.0.2.0/24" } }],
      ports: [{ protocol: "TCP", port: "audit" }],
    });
    expect(JSON.stringify(policyOf(engine, "shop-gateway"))).not.toContain("192.0.2.0");
    expect(policyOf(engine, "shop-api-local").ingress).toContainEqual({
      from: [{ ipBlock: { cidr: "198.51.100.0/24" } }],
      ports: [{ protocol: "TCP", port: 8080 }],
    });
  });

  test("are everyone if no clients are named; source ranges then apply only to the load balancer", async () => {
    const engine = await declare({}, both);
    for (const name of ["shop-audit-gateway", "shop-api-local"])
      expect(JSON.stringify(policyOf(engine, name))).not.toContain("ipBlock");
  });

  test("monitoring may connect only to members", async () => {
    const engine = await declare({ networkPolicy: { monitoring: [{ podLabels: { app: "prometheus" } }] } }, both);
    const rule = {
      from: [{ podSelector: { matchLabels: { app: "prometheus" } } }],
      ports: [{ protocol: "TCP", port: 8008 }],
    };
    expect(policyOf(engine, "shop-members").ingress).toContainEqual(rule);
    expect(policyOf(await declare({}, both), "shop-members").ingress).not.toContainEqual(rule);
    expect(JSON.stringify(policyOf(engine, "shop-gateway"))).not.toContain("prometheus");
  });

  test("monitoring has a certificate that members accept; without monitoring there is none", async () => {
    const secrets = (engine: MockEngine) =>
      engine.of("kubernetes:core/v1:Secret").filter(({ name }) => name === "shop-monitoring");
    const [secret, ...others] = secrets(
      await declare({ networkPolicy: { monitoring: [{ namespace: "monitoring" }] } }),
    );
    expect(others).toEqual([]);
    expect(secret.inputs).toMatchObject({
      type: "kubernetes.io/tls",
      stringData: {
        secret: {
          "ca.crt": "certificate of shop-ca\n",
          "tls.crt": "certificate of shop-monitoring-certificate\n",
          "tls.key": "key of shop-monitoring-key\n",
        },
      },
    });
    expect(secrets(await declare({}))).toEqual([]);
  });
});

test("a supporting service may connect to the targets in networkPolicy.supportingServiceEgress", async () => {
  const peers = async (kubernetes: KubernetesSpec) =>
    policyOf(await declare(kubernetes, api), "shop-api-local").egress[0].to;
  const own = await peers({});
  expect(own).toHaveLength(1);
  expect(await peers({ networkPolicy: { supportingServiceEgress: [{ cidr: "203.0.113.0/24" }] } })).toEqual([
    ...own!,
    { ipBlock: { cidr: "203.0.113.0/24" } },
  ]);
});

test("two files of a supporting service whose paths map to one key both exist", async () => {
  const engine = await declare({}, api);
  const { stringData } = engine.one("kubernetes:core/v1:Secret", "shop-api-local-files").inputs as {
    stringData: { secret: Record<string, string> };
  };
  const own = Object.entries(stringData.secret).filter(([key]) => key.startsWith("run.app.key"));
  expect(own.map(([, content]) => content).sort()).toEqual(["one", "two"]);
  const { template } = specOf<{ template: { spec: PodSpec } }>(
    engine.one("kubernetes:apps/v1:Deployment", "shop-api-local"),
  );
  const mounts = Object.fromEntries(
    template.spec.containers[0].volumeMounts.map((one) => [one.mountPath, one.subPath]),
  );
  expect([mounts["/run/app/key"], mounts["/run/app.key"]].map((key) => stringData.secret[key!])).toEqual([
    "one",
    "two",
  ]);
});

describe("the requests of gateways", () => {
  type Resources = { requests: object; limits?: object };
  const resourcesOf = async (kubernetes: KubernetesSpec) => {
    const made = (await declare(kubernetes, balanced)).of("kubernetes:apps/v1:Deployment");
    const byName = [...made].sort((a, b) => (a.name < b.name ? -1 : 1));
    return byName.map((one) => {
      const { containers } = specOf<{ template: { spec: { containers: { resources: Resources }[] } } }>(one).template
        .spec;
      return containers.map(({ resources }) => resources);
    });
  };

  test("are small and without a limit by default", async () => {
    const haproxy = { requests: { cpu: "50m", memory: "96Mi" } };
    const pooler = { requests: { cpu: "50m", memory: "48Mi" } };
    expect(await resourcesOf({})).toEqual([
      [haproxy, pooler],
      [haproxy, pooler, pooler],
    ]);
  });

  test("are gatewayResources for each container, with its limit", async () => {
    const both = { cpu: "0.5", memory: "128Mi" };
    const each = { requests: both, limits: both };
    expect(await resourcesOf({ gatewayResources: { cpu: 0.5, memory: "128MB" } })).toEqual([
      [each, each],
      [each, each, each],
    ]);
    const limited = { memory: "128Mi" };
    const [[first]] = (await resourcesOf({ gatewayResources: { memory: "128MB" } })) as [[Resources]];
    expect(first).toEqual({ requests: { cpu: "50m", ...limited }, limits: limited });
  });
});

test("members and each Deployment of gateways have a disruption budget of one", async () => {
  const engine = await declare({}, balanced);
  const own = { "pgharbor.cluster": "shop", "pgharbor.role": "gateway" };
  const budgets = engine.of("kubernetes:policy/v1:PodDisruptionBudget").map((one) => [one.name, specOf(one)]);
  const of = (matchLabels: object) =>
    expect.objectContaining({ maxUnavailable: 1, selector: { matchLabels } }) as object;
  expect(Object.fromEntries(budgets)).toEqual({
    "shop-members": of({ "pgharbor.cluster": "shop", "pgharbor.role": "member" }),
    "shop-gateway": of({ ...own, "pgharbor.gateway": "shop-gateway" }),
    "shop-audit-gateway": of({ ...own, "pgharbor.gateway": "shop-audit-gateway" }),
  });
});

test("the deletion of a member may take the whole grace period", async () => {
  const engine = await declare({});
  const made = engine.one("kubernetes:apps/v1:StatefulSet", "shop-m1");
  const { template } = specOf<{ template: { spec: { terminationGracePeriodSeconds: number } } }>(made);
  expect(made.deleteTimeout).toBe(`${template.spec.terminationGracePeriodSeconds + 60}s`);
});
