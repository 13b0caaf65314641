import { UNKNOWN, type Properties } from "../protocol/values";
import { diffObject } from "./diff-object";

const options = { enableConfigMapMutable: false, enableSecretMutable: false };

function objectOf(apiVersion: string, kind: string, rest: Properties, metadata: Properties = {}): Properties {
  return { apiVersion, kind, metadata: { name: "x", namespace: "n", ...metadata }, ...rest };
}

/** The live object as the server fills it up from what was declared. */
function liveOf(declared: Properties, more: Properties = {}): Properties {
  const metadata = { ...(declared.metadata as Properties), uid: "u", resourceVersion: "1" };
  return { ...declared, ...more, metadata, status: { phase: "here" } };
}

function changesOf(before: Properties, after: Properties, live = liveOf(before)) {
  const found = diffObject(after, before, live, options);
  return {
    ...found,
    changes: found.changes.map(({ path, kind, replaces }) => `${kind}${replaces ? "!" : ""} ${path}`),
  };
}

test("what the server added is no difference", () => {
  const before = objectOf("v1", "Service", { spec: { ports: [{ port: 1 }] } });
  const live = liveOf(before, {
    spec: { clusterIP: "10.0.0.1", type: "ClusterIP", ports: [{ port: 1, protocol: "TCP" }] },
  });
  expect(changesOf(before, before, live).changes).toEqual([]);
});

test("what the server leaves out, because it is empty, is no difference; writing it for the first time is one", () => {
  const before = objectOf("apps/v1", "Deployment", { spec: { paused: false } });
  expect(changesOf(before, before, liveOf(before, { spec: {} })).changes).toEqual([]);
  expect(changesOf(objectOf("apps/v1", "Deployment", { spec: {} }), before).changes).toEqual(["add spec.paused"]);
});

test.each<[string, string, Properties, Properties, string[]]>([
  ["apps/v1", "StatefulSet", { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, ["update spec.replicas"]],
  [
    "apps/v1",
    "StatefulSet",
    { spec: { serviceName: "a" } },
    { spec: { serviceName: "b" } },
    ["update! spec.serviceName"],
  ],
  [
    "apps/v1",
    "StatefulSet",
    { spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "1Gi" } } } }] } },
    { spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "2Gi" } } } }] } },
    ["update! spec.volumeClaimTemplates[0].spec.resources.requests.storage"],
  ],
  [
    "apps/v1",
    "Deployment",
    { spec: { selector: { matchLabels: { a: "b" } } } },
    { spec: { selector: { matchLabels: { a: "c" } } } },
    ["update! spec.selector.matchLabels.a"],
  ],
  ["v1", "ConfigMap", { data: { "a.b": "1" } }, { data: { "a.b": "2" } }, ['update! data["a.b"]']],
  ["v1", "ConfigMap", {}, { data: { a: "2" } }, ["add! data"]],
  ["v1", "Secret", { type: "Opaque", data: { a: "MQ==" } }, { type: "Opaque", stringData: { a: "1" } }, []],
  ["v1", "Secret", { data: { a: "MQ==" } }, { data: {} }, ["delete! data.a"]],
  [
    "v1",
    "PersistentVolumeClaim",
    { spec: { resources: { requests: { storage: "1Gi" } } } },
    { spec: { resources: { requests: { storage: "2Gi" } } } },
    ["update spec.resources.requests.storage"],
  ],
  [
    "v1",
    "PersistentVolumeClaim",
    { spec: { resources: { requests: { storage: "1Gi" } } } },
    { spec: { resources: { requests: { storage: "1024Mi" } } } },
    [],
  ],
  [
    "v1",
    "PersistentVolumeClaim",
    { spec: { storageClassName: "a" } },
    { spec: { storageClassName: "b" } },
    ["update! spec.storageClassName"],
  ],
  ["v1", "Service", { spec: { clusterIP: "None" } }, { spec: {} }, ["delete! spec.clusterIP"]],
  ["v1", "Service", { spec: { type: "ClusterIP" } }, { spec: { type: "NodePort" } }, ["update spec.type"]],
  [
    "v1",
    "Pod",
    { spec: { containers: [{ image: "a" }] } },
    { spec: { containers: [{ image: "b" }] } },
    ["update! spec.containers[0].image"],
  ],
  [
    "v1",
    "Pod",
    { spec: { containers: [{ image: "a" }] } },
    { spec: { containers: [{ image: "a" }, { image: "b" }] } },
    ["add! spec.containers[1]"],
  ],
  [
    "rbac.authorization.k8s.io/v1",
    "RoleBinding",
    { roleRef: { name: "a" } },
    { roleRef: { name: "b" } },
    ["update! roleRef.name"],
  ],
  [
    "rbac.authorization.k8s.io/v1",
    "Role",
    { rules: [{ verbs: ["a"] }] },
    { rules: [{ verbs: ["a", "b"] }] },
    ["add rules[0].verbs[1]"],
  ],
  [
    "batch/v1",
    "Job",
    { spec: { template: { spec: { x: 1 } } } },
    { spec: { template: { spec: { x: 2 } } } },
    ["update! spec.template.spec.x"],
  ],
  [
    "policy/v1",
    "PodDisruptionBudget",
    { spec: { minAvailable: 1 } },
    { spec: { minAvailable: 2 } },
    ["update spec.minAvailable"],
  ],
  [
    "cert-manager.io/v1",
    "Certificate",
    { spec: { dnsNames: ["a"] } },
    { spec: { dnsNames: ["b"] } },
    ["update spec.dnsNames[0]"],
  ],
  [
    "apps/v1",
    "StatefulSet",
    { spec: { serviceName: "a" } },
    { spec: { serviceName: UNKNOWN } },
    ["update! spec.serviceName"],
  ],
])("%s %s: %j to %j", (apiVersion, kind, before, after, expected) => {
  expect(changesOf(objectOf(apiVersion, kind, before), objectOf(apiVersion, kind, after)).changes).toEqual(expected);
});

test("another name or namespace is another object; one that must keep its name goes before its successor", () => {
  const before = objectOf("v1", "ConfigMap", { data: { a: "1" } });
  const moved = objectOf("v1", "ConfigMap", { data: { a: "1" } }, { namespace: "m" });
  expect(changesOf(before, moved)).toMatchObject({ replaces: ["metadata.namespace"], deleteBeforeReplace: false });
  const changed = { ...before, data: { a: "2" } };
  expect(changesOf(before, changed).deleteBeforeReplace).toBe(true);
  const annotations = { "pulumi.com/autonamed": "true" };
  const autonamed = objectOf("v1", "ConfigMap", { data: { a: "1" } }, { annotations });
  expect(changesOf(autonamed, { ...autonamed, data: { a: "2" } }).deleteBeforeReplace).toBe(false);
});

test("changes that the program ignores, and Secrets that may change in place", () => {
  const before = objectOf("apps/v1", "Deployment", { spec: { replicas: 1, paused: true } });
  const after = objectOf("apps/v1", "Deployment", { spec: { replicas: 2, paused: true } });
  expect(diffObject(after, before, liveOf(before), options, ["spec.replicas"]).changes).toEqual([]);
  const secret = objectOf("v1", "Secret", { data: { a: "MQ==" } });
  const other = { ...secret, data: { a: "Mg==" } };
  const mutable = { ...options, enableSecretMutable: true };
  expect(diffObject(other, secret, liveOf(secret), mutable).replaces).toEqual([]);
  expect(diffObject({ ...other, immutable: true }, secret, liveOf(secret), mutable).replaces).toEqual(["data.a"]);
});
