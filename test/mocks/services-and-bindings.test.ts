import * as k8s from "@pulumi/kubernetes";
import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding } from "../../packages/pgharbor/src";
import { clearSecrets, MockEngine, shown } from "../support/mock-engine";

const CONTAINER = "docker:index/container:Container";

async function make(options: { preview?: boolean } = {}) {
  const engine = await MockEngine.start(options);
  const cluster = new PostgresCluster("shop", { docker: {} });
  const user = new PgUser("owner", { target: cluster, username: "o'wner".replace("'", "$") });
  const database = new PgDatabase("app", { target: cluster, owner: user.username });
  return { engine, cluster, user, database };
}

describe("PgService", () => {
  test("a direct service is one HAProxy, and changes nothing of the cluster", async () => {
    const { engine, cluster } = await make();
    const before = (await engine.settle()).registered.length;
    const audit = new PgService("audit", {
      cluster,
      port: 5435,
      destination: "postgres",
      checkPath: "/read-only-quorum",
    });
    const added = (await engine.settle()).registered.slice(before);
    expect(added.map((r) => `${r.type} ${r.name}`).sort()).toEqual([
      `${CONTAINER} shop-audit-haproxy`,
      "docker:index/volume:Volume shop-audit-sockets",
      "pgharbor:index:PgService audit",
      "pulumi-nodejs:dynamic/pgharbor:ContainerFiles shop-audit-haproxy-files",
      "pulumi-nodejs:dynamic/pgharbor:Leftovers shop-audit-leftovers",
      // The client certificate with which HAProxy checks members.
      "tls:index/certRequest:CertRequest shop-audit-haproxy-identity-request",
      "tls:index/locallySignedCert:LocallySignedCert shop-audit-haproxy-identity-certificate",
      "tls:index/privateKey:PrivateKey shop-audit-haproxy-identity-key",
    ]);
    expect(added.filter((r) => r.name !== "audit" && r.parent !== "audit")).toEqual([]);
    expect(engine.one("pgharbor:index:PgService", "audit").inputs).toEqual({
      clusterName: "shop",
      serviceName: "audit",
      port: 5435,
      destination: "postgres",
      checkPath: "/read-only-quorum",
    });
    expect(engine.one(CONTAINER, "shop-audit-haproxy")).toMatchObject({
      deleteBeforeReplace: true,
      inputs: {
        name: "shop-audit-haproxy",
        image: "sha256:shop-gateway-image",
        ports: [{ internal: 5435, external: 5435, ip: "127.0.0.1" }],
      },
    });
    expect(await shown(audit.endpoint)).toEqual({
      secret: false,
      value: {
        name: "audit",
        host: "127.0.0.1",
        port: 5435,
        internalHost: "audit.shop.internal",
        internalPort: 5435,
        role: "replica",
        pooled: false,
      },
    });
  });

  test("a pooled service has a pooler with a certificate from the cluster's authority", async () => {
    const { engine, cluster } = await make();
    new PgService("jobs", { cluster, port: 5439, checkPath: "/primary" });
    await engine.settle();
    expect(engine.one(CONTAINER, "shop-jobs-pooler").inputs.ports).toEqual([
      { internal: 6432, external: 5439, ip: "127.0.0.1" },
    ]);
    expect(engine.one("tls:index/locallySignedCert:LocallySignedCert", "shop-jobs-pooler-certificate")).toMatchObject({
      parent: "jobs",
      inputs: { caCertPem: "certificate of shop-ca\n", caPrivateKeyPem: { secret: "key of shop-ca-key\n" } },
    });
    expect(clearSecrets(engine.registered, /password of|key of/)).toEqual([]);
  });
});

describe("ServiceBinding", () => {
  test("returns strings and an environment, secret where they contain the password", async () => {
    const { engine, user, database } = await make();
    const binding = new ServiceBinding("web-api", {
      user,
      database,
      service: "primary",
      sslRootCert: "/ca dir/ca.crt",
    });
    await engine.settle();
    const password = "password%20of%20owner-password";
    const uri = `postgresql://o%24wner:${password}@127.0.0.1:5433/app?sslmode=verify-full&sslrootcert=/ca%20dir/ca.crt`;
    const jdbc = `jdbc:postgresql://127.0.0.1:5433/app?user=o%24wner&password=${password}&sslmode=verify-full&sslrootcert=/ca%20dir/ca.crt`;
    expect(await shown(binding.uri)).toEqual({ value: uri, secret: true });
    expect(await shown(binding.jdbcUri)).toEqual({ value: jdbc, secret: true });
    expect(await shown(binding.psql)).toEqual({
      value: "psql 'postgresql://o%24wner@127.0.0.1:5433/app?sslmode=verify-full&sslrootcert=/ca%20dir/ca.crt'",
      secret: false,
    });
    expect(await shown(binding.env)).toEqual({
      secret: true,
      value: {
        POSTGRES_URI: uri,
        SHOP_PRIMARY_URI: uri,
        WEB_API_URI: uri,
        JDBC_POSTGRES_URI: jdbc,
        JDBC_SHOP_PRIMARY_URI: jdbc,
        JDBC_WEB_API_URI: jdbc,
        DB_USER: "o$wner",
        DB_PASS: "password of owner-password",
        DB_NODES: "127.0.0.1:5433",
      },
    });
    expect(engine.one("pgharbor:index:ServiceBinding", "web-api").inputs).toEqual({
      service: "primary",
      bindingName: "web-api",
      sslRootCert: "/ca dir/ca.crt",
      internal: false,
    });
    expect(clearSecrets(engine.registered, /password( |%20)of/)).toEqual([]);
  });

  test("for containers in the cluster's network", async () => {
    const { user, database, engine } = await make();
    const { uri } = new ServiceBinding("inside", { user, database, service: "default", internal: true });
    await engine.settle();
    expect((await shown(uri)).value).toContain("@default.shop.internal:5436/app?sslmode=verify-full");
  });

  test("to an added service", async () => {
    const { engine, cluster, user, database } = await make();
    new PgService("audit", { cluster, port: 5435, destination: "postgres" });
    const { uri } = new ServiceBinding("audit", { user, database, service: "audit" });
    await engine.settle();
    expect((await shown(uri)).value).toContain("@127.0.0.1:5435/app");
  });

  const SECRET = "kubernetes:core/v1:Secret";
  const onKubernetes = { namespace: "data", labels: { team: "shop" }, annotations: { note: "ours" } };

  test("creates a Secret for workloads in Kubernetes, in any namespace, with the host name that works in all of them", async () => {
    const engine = await MockEngine.start();
    const cluster = new PostgresCluster("shop", { kubernetes: { ...onKubernetes, serviceType: "NodePort" } });
    const user = new PgUser("owner", { target: cluster, username: "owner" });
    const database = new PgDatabase("app", { target: cluster, owner: user.username });
    const binding = new ServiceBinding("web-api", {
      user,
      database,
      service: "replica",
      sslRootCert: "/bindings/db/ca.crt",
      secret: { namespace: "web", labels: { app: "api" }, annotations: { mine: "too" } },
    });
    new ServiceBinding("jobs", { user, database, secret: { name: "jobs-db" } });
    expect(() => new ServiceBinding("more-jobs", { user, database, secret: { name: "jobs-db" } })).toThrow(
      'secret.name: is already the Secret of another binding, got "jobs-db"; give each binding a different name',
    );
    await engine.settle();
    const host = "shop-replica.data.svc.cluster.local";
    const password = "password%20of%20owner-password";
    expect(engine.one(SECRET, "web-api-secret")).toMatchObject({
      parent: "web-api",
      inputs: {
        type: "servicebinding.io/postgresql",
        metadata: {
          name: "web-api",
          namespace: "web",
          labels: { team: "shop", "pgharbor.cluster": "shop", "pgharbor.role": "binding", app: "api" },
          annotations: { note: "ours", mine: "too", "pgharbor.stack": "project/stack" },
        },
        stringData: {
          secret: {
            type: "postgresql",
            provider: "pgharbor",
            host,
            port: "5434",
            database: "app",
            username: "owner",
            password: "password of owner-password",
            uri: `postgresql://owner:${password}@${host}:5434/app?sslmode=verify-full&sslrootcert=/bindings/db/ca.crt`,
            sslmode: "verify-full",
            sslrootcert: "ca.crt",
            "ca.crt": "certificate of shop-ca\n",
          },
        },
      },
    });
    expect(engine.one(SECRET, "jobs-secret").inputs.metadata).toMatchObject({ name: "jobs-db", namespace: "data" });
    expect(await shown(binding.secretName!)).toEqual({ value: "web-api", secret: false });
    expect(clearSecrets(engine.registered, /password( |%20)of/)).toEqual([]);
  });

  test("for a cluster outside Kubernetes, the Secret has the binding's own host and port", async () => {
    const { engine, user, database } = await make();
    new ServiceBinding("outside", { user, database, secret: { namespace: "web" } });
    await engine.settle();
    const { inputs } = engine.one(SECRET, "outside-secret");
    expect(inputs.metadata).toEqual({
      name: "outside",
      namespace: "web",
      labels: { "app.kubernetes.io/name": "pgharbor", "app.kubernetes.io/managed-by": "pulumi" },
    });
    expect(inputs.stringData).toMatchObject({ secret: { host: "127.0.0.1", port: "5433" } });
  });

  test("children of a cluster use the cluster's Kubernetes, unless the program gives another provider", async () => {
    const engine = await MockEngine.start();
    const ours = new k8s.Provider("ours", {});
    const theirs = new k8s.Provider("theirs", {});
    const cluster = new PostgresCluster("shop", { kubernetes: onKubernetes }, { provider: ours });
    const user = new PgUser("owner", { target: cluster, username: "owner" });
    const database = new PgDatabase("app", { target: cluster, owner: user.username });
    new ServiceBinding("here", { user, database, secret: {} });
    new ServiceBinding("there", { user, database, secret: {} }, { providers: [theirs] });
    new PgService("audit", { cluster, port: 5435, destination: "postgres" });
    new PgService("report", { cluster, port: 5437, destination: "postgres" }, { provider: theirs });
    await engine.settle();
    const providerOf = (type: string, name: string) => engine.one(type, name).provider;
    expect(providerOf(SECRET, "here-secret")).toBe("ours");
    expect(providerOf(SECRET, "there-secret")).toBe("theirs");
    expect(providerOf("kubernetes:apps/v1:Deployment", "shop-audit-gateway")).toBe("ours");
    expect(providerOf("kubernetes:apps/v1:Deployment", "shop-report-gateway")).toBe("theirs");
    expect(engine.registered.filter((r) => r.type === "pulumi:providers:kubernetes").map((r) => r.name)).toEqual([
      "ours",
      "theirs",
    ]);
  });
});
