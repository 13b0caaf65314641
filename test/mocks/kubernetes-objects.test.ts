import { planCluster } from "@pgharbor/core";
import type * as pulumi from "@pulumi/pulumi";
import {
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  SupportingService,
  type KubernetesServiceSpec,
  type PostgresClusterArgs,
  type SupportingServiceArgs,
} from "../../packages/pgharbor/src";
import { MockEngine, shown, type Registered } from "../support/mock-engine";
import { kindAndName, plannedObjects } from "../support/planned-objects";

/** Checks that arguments arrive in Kubernetes objects, field by field. */
const SERVICE = "kubernetes:core/v1:Service";

async function declare(more: Partial<PostgresClusterArgs> = {}, beside?: (cluster: PostgresCluster) => void) {
  const engine = await MockEngine.start();
  const cluster = new PostgresCluster("shop", { kubernetes: {}, members: 2, ...more });
  beside?.(cluster);
  return { engine: await engine.settle(), cluster };
}
const specOf = <T>({ inputs }: Registered): T => inputs.spec as T;
/** Every object names its owner. */
const STACK = { "pgharbor.stack": "project/stack" };
const annotationsOf = ({ inputs }: Registered) => (inputs.metadata as { annotations: object }).annotations;

describe("the Service of a PostgreSQL service", () => {
  const all: KubernetesServiceSpec = {
    type: "LoadBalancer",
    nodePort: 30_005,
    annotations: { "example.com/of": "this" },
    sourceRanges: ["10.0.0.0/8"],
    externalTrafficPolicy: "Local",
  };
  const onNodes: KubernetesServiceSpec = { type: "NodePort", nodePort: 30_006, externalTrafficPolicy: "Cluster" };
  let engine: MockEngine;
  beforeAll(async () => {
    ({ engine } = await declare(
      {
        kubernetes: { annotations: { "example.com/all": "yes" } },
        services: [
          { name: "primary", port: 5433, kubernetes: all },
          { name: "replica", port: 5434, kubernetes: onNodes },
        ],
      },
      (cluster) => void new PgService("audit", { cluster, port: 5450, kubernetes: { ...all, nodePort: 30_007 } }),
    ));
  });
  const made = (name: string) => engine.one(SERVICE, `shop-${name}`);
  const selector = (gateway: string) => ({
    "pgharbor.cluster": "shop",
    "pgharbor.role": "gateway",
    "pgharbor.gateway": gateway,
  });

  test.each([
    ["primary", "shop-gateway", 5433, 30_005],
    ["audit", "shop-audit-gateway", 5450, 30_007],
  ])("LoadBalancer: %s", (name, gateway, port, nodePort) => {
    expect(specOf(made(name))).toEqual({
      type: "LoadBalancer",
      selector: selector(gateway),
      ports: [{ name: "postgres", port, targetPort: name, nodePort }],
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      externalTrafficPolicy: "Local",
    });
    expect(annotationsOf(made(name))).toEqual({ ...STACK, "example.com/all": "yes", "example.com/of": "this" });
  });

  test("is a NodePort, and a ClusterIP by default", () => {
    expect(specOf(made("replica"))).toEqual({
      type: "NodePort",
      selector: selector("shop-gateway"),
      ports: [{ name: "postgres", port: 5434, targetPort: "replica", nodePort: 30_006 }],
      externalTrafficPolicy: "Cluster",
    });
    expect(specOf(made("default"))).toEqual({
      type: "ClusterIP",
      selector: selector("shop-gateway"),
      ports: [{ name: "postgres", port: 5436, targetPort: 5436 }],
    });
    expect(annotationsOf(made("default"))).toEqual({ ...STACK, "example.com/all": "yes" });
  });

  test("has the cluster's type if it gives none", async () => {
    const services = [{ name: "replica", port: 5434, kubernetes: { type: "ClusterIP" as const } }];
    const { engine } = await declare({ kubernetes: { serviceType: "LoadBalancer" }, services });
    const types = ["primary", "replica", "default", "offline"].map(
      (name) => specOf<{ type: string }>(engine.one(SERVICE, `shop-${name}`)).type,
    );
    expect(types).toEqual(["LoadBalancer", "ClusterIP", "LoadBalancer", "LoadBalancer"]);
  });
});

describe("the Service of a supporting service", () => {
  const within = "shop-mcp-local.data.svc.cluster.local";
  async function declareMcp(args: Partial<SupportingServiceArgs>, more: Partial<PostgresClusterArgs> = {}) {
    let mcp: SupportingService | undefined;
    const kubernetes = { namespace: "data", serviceType: "LoadBalancer" as const, ...more.kubernetes };
    const { engine } = await declare({ ...more, kubernetes }, (cluster) => {
      const connectAs = new PgUser("reader", { target: cluster, username: "reader" });
      const database = new PgDatabase("orders", { target: cluster }).databaseName;
      mcp = new SupportingService("mcp", {
        target: cluster,
        database,
        connectAs,
        serviceType: args.image === undefined ? "mcp" : undefined,
        hosts: ["local"],
        ...args,
      });
    });
    const pods = engine.one("pulumi-nodejs:dynamic/pgharbor:PodInstance", "shop-mcp-local-state").inputs;
    return { pods, service: engine.one(SERVICE, "shop-mcp-local"), instances: (await shown(mcp!.instances)).value };
  }
  const selector = {
    "pgharbor.cluster": "shop",
    "pgharbor.role": "supporting-service",
    "pgharbor.service": "mcp",
    "pgharbor.host": "local",
  };

  test("has its start period, and at least a minute, to become ready", async () => {
    const settled = async (startPeriod?: string) =>
      (await declareMcp({ image: "own/app", containerPort: 8080, healthcheck: { command: ["true"], startPeriod } }))
        .pods.settleSeconds;
    expect(await settled("3min")).toBe(180);
    expect(await settled("10s")).toBeUndefined();
    expect(await settled()).toBeUndefined();
  });

  test("is reachable only within the cluster, whatever type the cluster's Services have", async () => {
    const { service, instances } = await declareMcp({});
    expect(specOf(service)).toEqual({
      type: "ClusterIP",
      selector,
      ports: [{ name: "service", port: 8080, targetPort: 8080 }],
    });
    expect(instances).toMatchObject([{ addresses: [`${within}:8080`], port: 8080 }]);
  });

  test("has all declared settings", async () => {
    const { service, instances } = await declareMcp({
      port: 443,
      kubernetes: {
        type: "LoadBalancer",
        nodePort: 30_008,
        annotations: { "example.com/of": "mcp" },
        sourceRanges: ["10.0.0.0/8"],
        externalTrafficPolicy: "Local",
      },
    });
    expect(specOf(service)).toEqual({
      type: "LoadBalancer",
      selector,
      ports: [{ name: "service", port: 443, targetPort: 8080, nodePort: 30_008 }],
      loadBalancerSourceRanges: ["10.0.0.0/8"],
      externalTrafficPolicy: "Local",
    });
    expect(annotationsOf(service)).toEqual({ ...STACK, "example.com/of": "mcp" });
    // The load balancer has no address yet.
    expect(instances).toMatchObject([{ addresses: [`${within}:443`], port: 443 }]);
  });

  test("returns the node port, and the node's host name if there is one", async () => {
    const kubernetes = { type: "NodePort", nodePort: 30_009 } as const;
    const { instances } = await declareMcp({ kubernetes });
    expect(instances).toMatchObject([{ addresses: [`${within}:8080`], port: 30_009 }]);
    const hostnames = ["*.example.com", "db.example.com"];
    const named = await declareMcp({ kubernetes }, { tls: { hostnames } });
    expect(named.instances).toMatchObject([{ addresses: [`${within}:8080`, "db.example.com:30009"], port: 30_009 }]);
  });

  test.each<[string, Partial<PostgresClusterArgs>, string]>([
    [
      "shares no port of the nodes",
      { services: [{ name: "replica", port: 5434, kubernetes: { type: "NodePort", nodePort: 30_009 } }] },
      "kubernetes.nodePort: is taken by the service replica of shop, got 30009; choose another",
    ],
    [
      "is nothing for Docker",
      { kubernetes: undefined, docker: {} },
      "kubernetes: applies only on Kubernetes, and this cluster is on Docker; leave it out",
    ],
  ])("%s", async (_, more, problem) => {
    expect.assertions(1);
    await declare(more, (target) => {
      const connectAs = new PgUser("reader", { target, username: "reader" });
      const kubernetes = { type: "NodePort", nodePort: 30_009 } as const;
      const args = { target, database: "a", connectAs, serviceType: "mcp", kubernetes } as const;
      expect(() => new SupportingService("mcp", { ...args, hosts: ["local"] })).toThrow(
        `SupportingService "mcp": 1 problem(s)\n  ${problem}`,
      );
    });
  });
});

interface Probe {
  httpGet?: object;
  periodSeconds: number;
  timeoutSeconds?: number;
  failureThreshold: number;
}
interface Pod {
  affinity?: object;
  topologySpreadConstraints?: object[];
  nodeSelector?: object;
  tolerations?: object[];
  priorityClassName?: string;
  imagePullSecrets?: object[];
  terminationGracePeriodSeconds: number;
  containers: {
    name: string;
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    startupProbe: Probe;
    livenessProbe: Probe;
    readinessProbe: Probe;
    lifecycle?: { preStop: { exec: { command: string[] } } };
  }[];
}
const podOf = (engine: MockEngine, name: string): Pod => {
  const made = engine.registered.find((one) => one.name === name && /:(Deployment|StatefulSet)$/.test(one.type))!;
  return specOf<{ template: { spec: Pod } }>(made).template.spec;
};

describe("the nodes of pods", () => {
  const of = {
    "shop-m1": { "pgharbor.cluster": "shop", "pgharbor.role": "member" },
    "shop-m2": { "pgharbor.cluster": "shop", "pgharbor.role": "member" },
    "shop-gateway": { "pgharbor.cluster": "shop", "pgharbor.role": "gateway", "pgharbor.gateway": "shop-gateway" },
    "shop-audit-gateway": {
      "pgharbor.cluster": "shop",
      "pgharbor.role": "gateway",
      "pgharbor.gateway": "shop-audit-gateway",
    },
  };
  const withAudit = (scheduling: NonNullable<PostgresClusterArgs["kubernetes"]>["scheduling"]) =>
    declare({ kubernetes: { scheduling } }, (cluster) => void new PgService("audit", { cluster, port: 5450 }));

  test("are preferably different by default", async () => {
    const { engine } = await withAudit(undefined);
    for (const [name, matchLabels] of Object.entries(of)) {
      const apart = { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" };
      expect(podOf(engine, name)).toMatchObject({
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }],
          },
        },
        topologySpreadConstraints: [{ ...apart, maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" }],
      });
    }
  });

  test("are in different zones with spread required", async () => {
    const { engine } = await withAudit({ spread: "required", topologyKey: "topology.kubernetes.io/zone" });
    for (const [name, matchLabels] of Object.entries(of)) {
      const apart = { labelSelector: { matchLabels }, topologyKey: "topology.kubernetes.io/zone" };
      const { affinity, topologySpreadConstraints } = podOf(engine, name);
      expect(affinity).toEqual({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } });
      expect(topologySpreadConstraints).toEqual([{ ...apart, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }]);
    }
  });

  test("are not constrained with spread none", async () => {
    const { engine } = await withAudit({ spread: "none" });
    for (const name of Object.keys(of)) {
      expect(podOf(engine, name)).not.toHaveProperty("affinity");
      expect(podOf(engine, name)).not.toHaveProperty("topologySpreadConstraints");
    }
  });

  test("are the given ones, and pods have the given priority and pull secrets", async () => {
    const nodeSelector = { "example.com/disk": "fast" };
    const tolerations = [{ key: "dedicated", operator: "Equal", value: "db", effect: "NoSchedule" }];
    const scheduling = { nodeSelector, tolerations, priorityClass: "high" };
    const { engine } = await declare({ kubernetes: { scheduling, imagePullSecrets: ["registry"] } }, (target) => {
      new PgService("audit", { cluster: target, port: 5450 });
      const connectAs = new PgUser("reader", { target, username: "reader" });
      new SupportingService("mcp", { target, database: "a", connectAs, serviceType: "mcp", hosts: ["local"] });
    });
    for (const name of [...Object.keys(of), "shop-mcp-local"])
      expect(podOf(engine, name)).toMatchObject({
        nodeSelector,
        tolerations,
        priorityClassName: "high",
        imagePullSecrets: [{ name: "registry" }],
      });
  });
});

test("a member's requests and limits are those of resources; by default requests are small, without a limit", async () => {
  const patroniOf = async (resources: PostgresClusterArgs["resources"]) =>
    podOf((await declare({ resources })).engine, "shop-m1").containers[0];
  const given = { cpu: "2", memory: "4Gi" };
  expect(await patroniOf({ cpu: 2, memory: "4GB" })).toMatchObject({
    name: "patroni",
    resources: { requests: given, limits: given },
  });
  expect((await patroniOf(undefined)).resources).toEqual({ requests: { cpu: "100m", memory: "256Mi" }, limits: {} });
});

test("claims have the given StorageClass, and none by default", async () => {
  const classes = async (storage: object) =>
    (await declare({ kubernetes: { storage } })).engine
      .of("pulumi-nodejs:dynamic/pgharbor:MemberClaim")
      .map(({ inputs }) => inputs.storageClass);
  expect(await classes({ storageClass: "fast" })).toEqual(["fast", "fast"]);
  expect(await classes({})).toEqual([undefined, undefined]);
});

test("a transform of the cluster applies to every resource of Kubernetes' own kinds", async () => {
  const engine = await MockEngine.start();
  const stamp: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith("kubernetes:") ? { props: { ...(props as object), stamped: true }, opts } : undefined;
  const spec = { kubernetes: {}, members: 2 };
  const cluster = new PostgresCluster("shop", spec, { transformations: [stamp] });
  new PgService("audit", { cluster, port: 5450 }, { transformations: [stamp] });
  await engine.settle();
  const made = engine.registered.filter(({ type }) => type.startsWith("kubernetes:"));
  const added = ["Deployment shop-audit-gateway", "Service shop-audit"];
  expect(made.map(kindAndName)).toEqual(
    expect.arrayContaining([...plannedObjects(planCluster("shop", spec)), ...added]),
  );
  expect(made.filter(({ inputs }) => inputs.stamped !== true).map(({ name }) => name)).toEqual([]);
});

describe("the lifecycle of pods", () => {
  test("a member's probes use Patroni's own paths, and a long recovery does not count as dead", async () => {
    const { engine } = await declare();
    const [patroni, ...others] = podOf(engine, "shop-m2").containers;
    const probe = (path: string) => ({ exec: { command: ["pgharbor-health", path] } });
    expect(patroni).toMatchObject({
      name: "patroni",
      startupProbe: probe("/liveness"),
      livenessProbe: probe("/liveness"),
      readinessProbe: probe("/readiness"),
    });
    const toleratedSeconds = ({ periodSeconds, failureThreshold }: Probe) => periodSeconds * failureThreshold;
    // Patroni has ten minutes to read its configuration and reach its store. Postgres may take any time to recover.
    expect(toleratedSeconds(patroni.startupProbe)).toBe(600);
    expect(toleratedSeconds(patroni.livenessProbe)).toBe(60);
    // A replica that is not ready is removed from its Service within seconds.
    expect(toleratedSeconds(patroni.readinessProbe)).toBe(6);
    for (const probe of [patroni.startupProbe, patroni.livenessProbe, patroni.readinessProbe])
      expect(probe.timeoutSeconds).toBe(5);
    expect(others.map(({ name }) => name)).toEqual(["lease-guard"]);
    expect(others[0]).not.toHaveProperty("livenessProbe");
  });

  test.each([10, 60])("with a drain of %i s, pods have enough time to stop", async (drainTimeout) => {
    const { engine } = await declare({ drainTimeout });
    const member = podOf(engine, "shop-m1").terminationGracePeriodSeconds;
    const gateway = podOf(engine, "shop-gateway");
    const sleeps = gateway.containers.map(({ lifecycle }) => Number(lifecycle!.preStop.exec.command[1]));
    // Covers the handover, or the pause and a clean stop of Postgres, before which a checkpoint may take minutes.
    expect(member - drainTimeout).toBe(MEMBER_STOP);
    // HAProxy stops last: after the pods are removed from Services, and after the poolers' clients have disconnected.
    expect(sleeps).toEqual([5 + drainTimeout + 5, 5, 5]);
    expect(gateway.terminationGracePeriodSeconds).toBe(5 + drainTimeout + 5 + 10);
  });
  const MEMBER_STOP = 600;
});

test("every full name contains the Kubernetes cluster's domain", async () => {
  const kubernetes = { namespace: "data", clusterDomain: "k8s.example.com" };
  const { engine, cluster } = await declare({ kubernetes });
  const hosts = (await shown(cluster.services)).value!.map(({ internalHost }) => internalHost);
  expect(hosts).toEqual(
    ["primary", "replica", "default", "offline"].map((name) => `shop-${name}.data.svc.k8s.example.com`),
  );
  const haproxy = engine.one("pulumi-nodejs:dynamic/pgharbor:PodFiles", "shop-gateway-haproxy-files");
  const { "haproxy.cfg": cfg } = haproxy.inputs.plain as Record<string, string>;
  expect(cfg).toContain('"shop-m1.${POD_NAMESPACE}.svc.k8s.example.com:5432"');
  const request = engine.one("tls:index/certRequest:CertRequest", "shop-m1-request");
  expect(request.inputs.dnsNames).toContain("*.data.svc.k8s.example.com");
  expect(JSON.stringify(engine.registered.map(({ inputs }) => inputs))).not.toContain("cluster.local");
});
