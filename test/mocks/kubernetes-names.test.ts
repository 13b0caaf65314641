import { checkCluster, patroniConfigMaps, planCluster } from "@pgharbor/core";
import {
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  SupportingService,
  type PostgresClusterArgs,
} from "../../packages/pgharbor/src";
import { MockEngine, type Registered } from "../support/mock-engine";
import { plannedObjects } from "../support/planned-objects";

/** Names are compared with the objects that a program really creates, so a new object cannot be missing from a list. */
const HANDLED = "pulumi-nodejs:dynamic/pgharbor:";

interface Made {
  kind: string;
  name: string;
}

/**
 * Returns the Kubernetes objects that a resource is or creates. An object without a name gets a random one from the
 * provider.
 */
function objectOf({ type, inputs }: Registered): Made[] {
  const { metadata, secretName, claim } = inputs as {
    metadata?: { name?: string };
    secretName?: string;
    claim?: string;
  };
  const own = /^kubernetes:(.*)$/.exec(type);
  if (own !== null)
    return metadata!.name === undefined ? [] : [{ kind: own[1].split(":").pop()!, name: metadata!.name }];
  if ([`${HANDLED}PodFiles`, `${HANDLED}IssuedSecret`].includes(type)) return [{ kind: "Secret", name: secretName! }];
  if (type === `${HANDLED}MemberClaim`) return [{ kind: "PersistentVolumeClaim", name: claim! }];
  return [];
}

/** Runs as a preview, which requests nothing from an issuer. */
async function declare(more: Partial<PostgresClusterArgs>, beside?: (cluster: PostgresCluster) => void) {
  const engine = await MockEngine.start({ preview: true });
  const cluster = new PostgresCluster("shop", { members: 2, ...more });
  beside?.(cluster);
  await engine.settle();
  return engine;
}

/** Includes everything that a cluster creates only on request. */
const kubernetes = {
  namespace: "data",
  networkPolicy: { monitoring: [{ podLabels: { app: "prometheus" } }] },
} satisfies PostgresClusterArgs["kubernetes"];
const services = ["primary", "replica", "default", "offline"];

test("a service cannot have the name of another part of a cluster", async () => {
  const made = (await declare({ kubernetes })).registered.filter(({ type }) => type.startsWith("kubernetes:"));
  const suffixes = [...new Set(made.flatMap(objectOf).map(({ name }) => name.replace(/^shop-/, "")))];
  const taken = suffixes.filter((suffix) => !services.includes(suffix)).sort();
  expect(taken).toEqual(["gateway", "haproxy", "m1", "m2", "members", "monitoring", "poolers"]);
  const free = taken.filter((name) => {
    const { problems } = checkCluster("shop", { kubernetes: {}, services: [{ name, port: 5999 }] });
    return !problems.some(({ path, message }) => path === "services[0].name" && message.startsWith("is reserved for"));
  });
  expect(free).toEqual([]);
});

test("no two objects of a cluster and its additions have the same kind and name", async () => {
  const roomy = { kubernetes, parameters: { max_connections: "400" } };
  // Services named like parts of a cluster, as far as the rules allow it.
  const parts = ["audit", "files", "identity", "config", "leader", "tls"];
  const engine = await declare(roomy, (cluster) => {
    const connectAs = new PgUser("reader", { target: cluster, username: "reader" });
    const database = new PgDatabase("orders", { target: cluster }).databaseName;
    for (const [i, name] of parts.entries()) {
      new PgService(name, { cluster, port: 5450 + i, destination: "pgbouncer", pool: { maxDbConnections: 1 } });
      new SupportingService(name, { target: cluster, database, connectAs, serviceType: "mcp", hosts: ["local"] });
    }
  });
  const all = engine.registered.flatMap(objectOf).map(({ kind, name }) => `${kind} ${name}`);
  const beside = parts.flatMap((part) => [
    ...[`Service shop-${part}`, `Deployment shop-${part}-gateway`, `Secret shop-${part}-gateway-pooler-${part}-files`],
    ...[`Service shop-${part}-local`, `Deployment shop-${part}-local`],
  ]);
  const planned = plannedObjects(planCluster("shop", { members: 2, ...roomy }));
  expect(all).toEqual(expect.arrayContaining([...planned, ...beside]));
  expect(all.filter((one, i) => all.indexOf(one) !== i)).toEqual([]);
});

describe("the objects that the preflight counts are those that are created", () => {
  const kinds = {
    services: "Service",
    secrets: "Secret",
    "count/statefulsets.apps": "StatefulSet",
    "count/deployments.apps": "Deployment",
  } as const;

  test.each([
    ["with monitoring", kubernetes],
    ["with nothing more", { namespace: "data" }],
    ["with certificates of an issuer", { ...kubernetes, certificates: { issuer: "own" } }],
  ])("%s", async (_, spec) => {
    const engine = await declare({ kubernetes: spec });
    const { objects } = engine.one(`${HANDLED}Preflight`, "shop-preflight").inputs as {
      objects: Record<string, string[]>;
    };
    const made = engine.registered.flatMap(objectOf);
    const { configmaps, ...counted } = Object.fromEntries(
      Object.entries(objects).map(([kind, names]) => [kind, [...names].sort()]),
    );
    // Patroni's own objects are declared nowhere.
    expect(configmaps).toEqual(Object.values(patroniConfigMaps("shop")).sort());
    const expected = Object.entries(kinds).map(([counter, kind]) => [
      counter,
      made
        .filter((one) => one.kind === kind)
        .map(({ name }) => name)
        .sort(),
    ]);
    expect(counted).toEqual(Object.fromEntries(expected));
  });
});
