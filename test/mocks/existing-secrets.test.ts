import { PgUser, PostgresCluster } from "../../packages/pgharbor/src";
import { systemPasswordsIn } from "../../packages/pgharbor/src/platform/kubernetes/external/passwords";
import { passwordIn } from "../../packages/pgharbor/src/platform/kubernetes/external/password-in-secret";
import { readSecret as read } from "../../packages/pgharbor/src/clients/kubernetes/objects/secrets";
import { clearSecrets, MockEngine, shown } from "../support/mock-engine";

jest.mock("../../packages/pgharbor/src/clients/kubernetes/objects/secrets");
const readSecret = jest.mocked(read);
afterEach(() => readSecret.mockReset());

async function make(options: { preview?: boolean } = {}) {
  const engine = await MockEngine.start(options);
  const kubernetes = { namespace: "data", connection: { context: "prod" } };
  const cluster = new PostgresCluster("shop", { kubernetes, kubeconfig: "kind: Config\n" });
  return { engine, cluster };
}

describe("PgUser's password from a Secret", () => {
  const user = (cluster: PostgresCluster) =>
    new PgUser("app", { target: cluster, username: "app", passwordSecret: { name: "app-login", key: "pw" } });

  test("is read from the cluster's Kubernetes, is secret, and no random password is created", async () => {
    const { engine, cluster } = await make();
    readSecret.mockResolvedValue({ pw: "from-the-Secret" });
    const { password } = user(cluster);
    await engine.settle();
    expect(await shown(password)).toEqual({ value: "from-the-Secret", secret: true });
    expect(readSecret.mock.calls).toEqual([
      [{ kubernetes: { namespace: "data", context: "prod" }, kubeconfig: "kind: Config\n" }, "app-login"],
    ]);
    expect(engine.one("pulumi-nodejs:dynamic/pgharbor:PgRole", "app").inputs).toMatchObject({
      password: { secret: "from-the-Secret" },
    });
    expect(engine.of("random:index/randomPassword:RandomPassword").map((r) => r.name)).not.toContain("app-password");
    expect(clearSecrets(engine.registered, /from-the-Secret/)).toEqual([]);
  });

  const wrong = (message: string) => new Error(message);
  test.each([
    [{ password: "geheim-1", other: "x" }, `has no key "pw", got other, password; give an existing key`],
    [
      { pw: "geheim-1\n" },
      `at the key "pw" must have no line breaks or control characters: files and SCRAM do not keep them; correct the Secret`,
    ],
    [{ pw: "" }, `at the key "pw" must have 8 to 99 characters, got 0; correct the Secret`],
  ])("one clear error for %j", (data, message) => {
    expect(() => passwordIn(data as Record<string, string>, "pw", wrong)).toThrow(new Error(message));
  });

  test("a missing Secret is only a warning in a preview", async () => {
    const { engine, cluster } = await make({ preview: true });
    readSecret.mockResolvedValue(undefined);
    const warn = jest.spyOn(console, "warn").mockImplementation();
    const { password } = user(cluster);
    expect((await shown(password)).value).toBeUndefined();
    await engine.settle();
    expect(warn.mock.calls.flat().join()).toContain(
      `PgUser "app": passwordSecret: there is no Secret "data/app-login"; create one with the password under the key "pw" before the update`,
    );
  });
});

describe("passwords of the cluster's own roles", () => {
  const wrong = (message: string) => new Error(message);
  const keys = "admin, check, poolerAuth, poolerConsole, replication, rest, rewind";

  test("come from the Secret, or are random if it lacks them", async () => {
    const engine = await MockEngine.start();
    readSecret.mockResolvedValue({ admin: "administers!", other: "x" });
    const kubernetes = { namespace: "data", passwordSecret: "own" };
    const cluster = new PostgresCluster("shop", { kubernetes });
    await engine.settle();
    expect((await shown(cluster.adminConnection)).value).toMatchObject({ password: "administers!" });
    const { inputs } = engine.one("pulumi-nodejs:dynamic/pgharbor:PodFiles", "shop-m1-files");
    expect(inputs.secret).toMatchObject({ "check.password": { secret: "password of shop-check-password" } });
    expect(clearSecrets(engine.registered, /administers|password of/)).toEqual([]);
  });

  test.each([
    [{ Admin: "administers" }, `has none of the keys ${keys}, got Admin; use these keys`],
    [{ admin: "short" }, `at the key "admin" must have 8 to 99 characters, got 5; correct the Secret`],
    [
      { rest: 'say "please"' },
      `at the key "rest" must be letters, digits and !#%&()*+,-./:;<=>?@[]^_{|}~ of ASCII; correct the Secret`,
    ],
  ])("one clear error for %j", (data, message) => {
    expect(() => systemPasswordsIn(data as Record<string, string>, wrong)).toThrow(new Error(message));
  });
});

describe("certificates", () => {
  test("from a ClusterIssuer: one Certificate for each container, and the cluster has no authority of its own", async () => {
    const engine = await MockEngine.start({ preview: true });
    const kubernetes = { namespace: "data", certificates: { clusterIssuer: "harbour" }, labels: { team: "shop" } };
    new PostgresCluster("shop", { kubernetes, members: 1, tls: { hostnames: ["shop.example.com"], validityDays: 30 } });
    await engine.settle();
    expect(engine.of("tls:index/selfSignedCert:SelfSignedCert").map(({ name }) => name)).toEqual([
      "shop-ca-members",
      "shop-ca-checks",
    ]);
    // The issuer does not sign the certificates by which components identify themselves to each other.
    expect(engine.of("tls:index/locallySignedCert:LocallySignedCert").map(({ name }) => name)).toEqual([
      "shop-m1-identity-certificate",
      "shop-gateway-haproxy-identity-certificate",
    ]);
    const certificates = engine.of("kubernetes:cert-manager.io/v1:Certificate");
    expect(certificates.map(({ name }) => name).sort()).toEqual([
      "shop-gateway-pooler-primary-certificate",
      "shop-gateway-pooler-replica-certificate",
      "shop-m1-certificate",
    ]);
    expect(engine.one("kubernetes:cert-manager.io/v1:Certificate", "shop-m1-certificate")).toMatchObject({
      parent: "shop",
      inputs: {
        metadata: { name: "shop-m1", namespace: "data", labels: { team: "shop" } },
        spec: {
          secretName: "shop-m1-tls",
          duration: "720h",
          secretTemplate: { labels: { team: "shop", "pgharbor.cluster": "shop" } },
          dnsNames: expect.arrayContaining(["shop-m1", "*.data.svc.cluster.local", "shop.example.com"]) as string[],
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "harbour" },
        },
      },
    });
    expect(engine.one("kubernetes:cert-manager.io/v1:Certificate", "shop-m1-certificate").dependsOn).toContain(
      "shop-m1-tls",
    );
    expect(readSecret).not.toHaveBeenCalled();
  });
});
