import { withCertManager } from "../support/cert-manager";
import { kubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";
import { testIssuerCertificates } from "./parts/brought-certificates";
import {
  ANNOTATIONS,
  applyTo,
  BroughtCluster,
  LABELS,
  secretOf,
  type Named,
  type Pods,
} from "../support/kubernetes/brought-cluster";
import { testExistingPasswords } from "./parts/brought-passwords";

jest.setTimeout(1_800_000);

let brought: BroughtCluster | undefined;

const shared = (): BroughtCluster => {
  if (brought === undefined) throw new Error("there is no cluster: see the first error");
  return brought;
};

describe("passwords, certificates, pull secrets, labels and annotations that the user brings", () => {
  beforeAll(async () => {
    brought = await BroughtCluster.up();
  });

  afterAll(async () => {
    await brought?.remove();
  });

  test("a second preview and a refresh find no changes", async () => {
    await shared().project.expectNoChanges();
    await shared().project.refresh("--expect-no-changes");
  });

  test("every object has the user's labels and annotations, and every pod the pull secret", everythingIsLabelled);

  testExistingPasswords(shared);
  testIssuerCertificates(shared);

  test("a destroy leaves only what the user brought", async () => {
    await shared().project.destroy();
    await nothingIsLeft();
  });
});

/** Kubernetes' own controllers create these from objects with our labels, or without any labels. */
const NOT_OURS = /^(endpoints|endpointslices|events|controllerrevisions|replicasets|leases|orders|challenges)(\.|$)/;
const BROUGHT = /^(shop-own-roles|owner-login|registry|harbour|harbour-ca|kube-root-ca.crt|default|client)$/;

async function everythingIsLabelled(): Promise<void> {
  const { kubernetes, namespace, apps } = shared();
  const kinds = (await kubernetes.kubectl(["api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"]))
    .split("\n")
    .filter((kind) => kind !== "" && !NOT_OURS.test(kind));
  const found: Named[] = [];
  for (const searched of [namespace, apps])
    found.push(...(await kubernetes.get<{ items: Named[] }>([kinds.join(","), "-n", searched])).items);
  const created = found.filter(({ metadata }) => !BROUGHT.test(metadata.name));
  // Patroni's own objects, and the requests of cert-manager.
  const made = created.filter(({ kind, metadata }) => {
    const isPatronis = kind === "ConfigMap" && /^shop-(config|failover|failsafe|leader|sync)$/.test(metadata.name);
    return !isPatronis && kind !== "CertificateRequest";
  });
  expect([...new Set(made.map(({ kind }) => kind))].sort()).toEqual([
    "Certificate",
    "Deployment",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
  ]);
  const bare = made.filter(({ metadata: { labels = {}, annotations = {} } }) => {
    const isMarked = Object.entries(LABELS).every(([key, value]) => labels[key] === value);
    const isAnnotated = Object.entries(ANNOTATIONS).every(([key, value]) => annotations[key] === value);
    return !isMarked || !isAnnotated || labels["pgharbor.cluster"] !== "shop";
  });
  expect(bare.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  const pods = await kubernetes.get<Pods>(["pods", "-n", namespace]);
  expect(pods.items.map((pod) => pod.metadata.name.replace(/-[0-9a-f]+-\w{5}$/, "")).sort()).toEqual([
    "shop-audit-gateway",
    "shop-gateway",
    "shop-m1-0",
    "shop-m2-0",
    "shop-side-local",
  ]);
  for (const pod of pods.items) expect(pod.spec.imagePullSecrets).toEqual([{ name: "registry" }]);
}

async function nothingIsLeft(): Promise<void> {
  const { kubernetes, namespace, apps } = shared();
  const kinds =
    "configmap,secret,pvc,service,serviceaccount,networkpolicy,certificate,pdb,role,rolebinding,deployment,statefulset";
  const left = async (searched: string) =>
    (await kubernetes.kubectl(["-n", searched, "get", kinds, "-o", "name"]))
      .split("\n")
      .filter((name) => name !== "" && !BROUGHT.test(name.split("/")[1]));
  expect(await left(namespace)).toEqual([]);
  expect(await left(apps)).toEqual([]);
}

test("a missing issuer, a missing cert-manager and a Secret without a key each end in one clear error", async () => {
  const kubernetes = await kubernetesForTests();
  await kubernetes.withNamespace("wrong", async (namespace) => {
    const cluster = (kubernetesArgs: object) => `
      import { PostgresCluster } from "pgharbor";
      new PostgresCluster("shop", {
        kubernetes: ${JSON.stringify({ namespace, ...kubernetesArgs })}, members: 1, gateways: 1, deletionProtection: false,
      });`;
    const project = await pulumiProject({ program: "", env: { KUBECONFIG: kubernetes.kubeconfig } });
    const failureOf = async (args: object): Promise<string> => {
      await project.write(cluster(args));
      const failure = (await project.up().catch((e: unknown) => e)) as PulumiFailure;
      return failure.stdout + failure.stderr;
    };
    try {
      // cert-manager is not installed at all: the API server knows no Certificate.
      expect(await failureOf({ certificates: { issuer: "harbour" } })).toMatch(
        /no matches for kind "Certificate"|Certificate.*cert-manager\.io\/v1/,
      );
      await withCertManager(kubernetes, namespace, async () => {
        expect(await failureOf({ certificates: { issuer: "nobody" } })).toMatch(
          /kubernetes\.certificates\.issuer: "nobody" has not issued a usable certificate .*not found/,
        );
      });
      await applyTo(kubernetes, secretOf(namespace, "own", { "tls.crt": "x", "tls.key": "y" }));
      expect(await failureOf({ certificates: { secret: "own" } })).toContain(
        `kubernetes.certificates.secret: has no certificate in PEM at the key "tls.crt", got "${namespace}/own"; correct the Secret`,
      );
      expect(await failureOf({ passwordSecret: "none" })).toContain(
        `kubernetes.passwordSecret: there is no Secret "${namespace}/none"; create one with passwords under the keys admin,`,
      );
    } finally {
      await project.remove();
    }
  });
});
