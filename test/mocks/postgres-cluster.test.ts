import { containersOf, planCluster, unitsOf } from "@pgharbor/core";
import { PostgresCluster, type PostgresClusterArgs } from "../../packages/pgharbor/src";
import { clearSecrets, MockEngine, shown, UNKNOWN } from "../support/mock-engine";
import { remembered } from "../support/remembered";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const FILES = "pulumi-nodejs:dynamic/pgharbor:ContainerFiles";

const images = { postgres: "own/postgres:1", gateway: "own/gateway:1", etcd: "own/etcd:1" };
const args: PostgresClusterArgs = { docker: { labels: { team: "shop" } }, images, members: 3, drainTimeout: 20 };

const register = remembered(async (more: Partial<PostgresClusterArgs>, options: { preview?: boolean }) => {
  const engine = await MockEngine.start(options);
  const cluster = new PostgresCluster("shop", { ...args, ...more });
  return { engine: await engine.settle(), cluster };
});
const make = (more: Partial<PostgresClusterArgs> = {}, options: { preview?: boolean } = {}) => register(more, options);

const labels = (role: string, more: { label: string; value: string }[] = []) => [
  { label: "team", value: "shop" },
  { label: "pgharbor.cluster", value: "shop" },
  { label: "pgharbor.role", value: role },
  ...more,
  { label: "pgharbor.cluster-uid", value: "uid of shop-marker" },
  { label: "pgharbor.stack", value: "project/stack" },
];
const hardened = {
  mustRun: true,
  restart: "unless-stopped",
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges"],
};
const noRouter = { sysctls: { "net.ipv4.ip_forward": "0" } };

const namesOf = (engine: MockEngine, request: string) =>
  engine.one("tls:index/certRequest:CertRequest", request).inputs.dnsNames;

test("the resources of a cluster of three members, all children of the component", async () => {
  const { engine } = await make();
  const containers = ["etcd-1", "m1", "m2", "m3", "haproxy-1", "pooler-1-primary", "pooler-1-replica"];
  const servers = containers.filter((name) => !["etcd-1", "haproxy-1"].includes(name));
  const identities = containers.filter((name) => !name.startsWith("pooler")).map((name) => `${name}-identity`);
  const passwords = ["replication", "rewind", "poolerAuth", "admin", "poolerConsole", "check", "rest"];
  const expected = [
    "pgharbor:index:PostgresCluster shop",
    ...["network", "network-members", "network-store"].map((name) => `docker:index/network:Network shop-${name}`),
    ...["postgres", "gateway", "etcd"].map((role) => `docker:index/remoteImage:RemoteImage shop-${role}-image`),
    ...["etcd-1-data", "m1-data", "m2-data", "m3-data", "sockets-1"].map((name) => `${VOLUME} shop-${name}`),
    ...containers.flatMap((name) => [`${CONTAINER} shop-${name}`, `${FILES} shop-${name}-files`]),
    ...[...servers, ...identities].flatMap((name) => [
      `tls:index/privateKey:PrivateKey shop-${name}-key`,
      `tls:index/certRequest:CertRequest shop-${name}-request`,
      `tls:index/locallySignedCert:LocallySignedCert shop-${name}-certificate`,
    ]),
    ...["ca", "ca-store", "ca-members", "ca-checks"].flatMap((name) => [
      `tls:index/privateKey:PrivateKey shop-${name}-key`,
      `tls:index/selfSignedCert:SelfSignedCert shop-${name}`,
    ]),
    ...[...passwords, "etcd", "etcdRoot", "backupCipher"].map(
      (user) => `random:index/randomPassword:RandomPassword shop-${user}-password`,
    ),
    "pulumi-nodejs:dynamic/pgharbor:Patroni shop-patroni",
    "pulumi-nodejs:dynamic/pgharbor:PrimaryPlacement shop-primary-placement",
    "pulumi-nodejs:dynamic/pgharbor:StoreReady shop-store",
    "pulumi-nodejs:dynamic/pgharbor:ClusterIdentity shop-identity",
    ...["m2", "m3"].map((member) => `pulumi-nodejs:dynamic/pgharbor:Membership shop-${member}-membership`),
    "pulumi-nodejs:dynamic/pgharbor:ClusterMarker shop-marker",
    "pulumi-nodejs:dynamic/pgharbor:Leftovers shop-leftovers",
    "pulumi-nodejs:dynamic/pgharbor:DeletionGuard shop-deletion-guard",
  ];
  expect(engine.list().split("\n")).toEqual(expected.sort());
  expect(engine.registered.filter((r) => r.name !== "shop" && r.parent !== "shop")).toEqual([]);
});

test("the component's state contains its arguments, and no secret", async () => {
  const { engine } = await make({ parameters: { work_mem: "8MB" } });
  expect(engine.one("pgharbor:index:PostgresCluster", "shop").inputs).toEqual({
    ...args,
    parameters: { work_mem: "8MB" },
    deletionProtection: true,
  });
  expect(clearSecrets(engine.registered, /password of|key of/)).toEqual([]);
});

describe("containers", () => {
  test("a member", async () => {
    const { engine } = await make({ resources: { cpu: 2, memory: "2GB", disk: "10GB" } });
    const { inputs } = engine.one(CONTAINER, "shop-m1");
    expect(inputs).toEqual({
      ...hardened,
      name: "shop-m1",
      hostname: "shop-m1",
      image: "sha256:shop-postgres-image",
      command: ["patroni"],
      networksAdvanced: [
        { name: "id of shop-network-members", aliases: [] },
        { name: "id of shop-network-store", aliases: [] },
      ],
      ...noRouter,
      volumes: [{ volumeName: "shop-m1-data", containerPath: "/var/lib/postgresql/data" }],
      ports: [],
      labels: labels("member", [{ label: "pgharbor.member", value: "m1" }]),
      memory: 2048,
      memorySwap: 2048,
      cpuPeriod: 100_000,
      cpuQuota: 200_000,
      shmSize: 512,
      stopTimeout: 620,
      destroyGraceSeconds: 620,
    });
  });

  test("etcd", async () => {
    const { engine } = await make();
    expect(engine.one(CONTAINER, "shop-etcd-1").inputs).toEqual({
      ...hardened,
      name: "shop-etcd-1",
      hostname: "shop-etcd-1",
      image: "sha256:shop-etcd-image",
      command: ["etcd"],
      networksAdvanced: [{ name: "id of shop-network-store", aliases: [] }],
      volumes: [{ volumeName: "shop-etcd-1-data", containerPath: "/var/lib/etcd" }],
      ports: [],
      labels: labels("etcd"),
      stopTimeout: 15,
      destroyGraceSeconds: 15,
    });
  });

  test("HAProxy publishes the direct services, and each pooler its own", async () => {
    const { engine } = await make();
    const common = {
      ...hardened,
      ...noRouter,
      image: "sha256:shop-gateway-image",
      stopTimeout: 15,
      destroyGraceSeconds: 15,
    };
    const volumes = [{ volumeName: "shop-sockets-1", containerPath: "/run/pgharbor/sockets" }];
    expect(engine.one(CONTAINER, "shop-haproxy-1").inputs).toEqual({
      ...common,
      name: "shop-haproxy-1",
      hostname: "shop-haproxy-1",
      command: ["haproxy"],
      networksAdvanced: [
        { name: "id of shop-network", aliases: ["default.shop.internal", "offline.shop.internal"] },
        { name: "id of shop-network-members", aliases: ["shop-haproxy", "shop-haproxy-1.shop.internal"] },
      ],
      volumes,
      ports: [
        { internal: 5436, external: 5436, ip: "127.0.0.1" },
        { internal: 5438, external: 5438, ip: "127.0.0.1" },
      ],
      labels: labels("haproxy"),
    });
    expect(engine.one(CONTAINER, "shop-pooler-1-primary").inputs).toEqual({
      ...common,
      name: "shop-pooler-1-primary",
      hostname: "shop-pooler-1-primary",
      command: ["pgbouncer"],
      networksAdvanced: [
        { name: "id of shop-network", aliases: ["primary.shop.internal"] },
        { name: "id of shop-network-members", aliases: ["shop-poolers"] },
      ],
      volumes,
      ports: [{ internal: 6432, external: 5433, ip: "127.0.0.1" }],
      labels: labels("pooler"),
    });
  });

  test("are deleted before they are replaced, because names and ports are fixed, and are replaced for a new image", async () => {
    const { engine } = await make();
    expect(engine.of(CONTAINER)).toHaveLength(7);
    for (const container of engine.of(CONTAINER)) {
      expect(container).toMatchObject({
        deleteBeforeReplace: true,
        replaceOnChanges: ["image", "cpuPeriod", "cpuQuota"],
      });
    }
  });

  test("of members are created one after the other, each after the files of the previous one", async () => {
    const { engine } = await make();
    const after = (name: string) =>
      engine.one(CONTAINER, name).dependsOn.filter((dependency) => dependency.endsWith("-files"));
    expect(["shop-m1", "shop-m2", "shop-m3"].map(after)).toEqual([[], ["shop-m1-files"], ["shop-m2-files"]]);
  });

  test("of a store come before members, members before gateways, and each gateway as a whole before the next", async () => {
    const { engine } = await make({ docker: { etcdMembers: 3 }, gateways: 2 });
    const after = (name: string) =>
      engine.one(CONTAINER, name).dependsOn.filter((dependency) => dependency.endsWith("-files"));
    const store = ["shop-etcd-1-files", "shop-etcd-2-files", "shop-etcd-3-files"];
    expect(["shop-etcd-1", "shop-etcd-2", "shop-etcd-3"].map(after)).toEqual([[], [store[0]], [store[1]]]);
    const placement = engine.one("pulumi-nodejs:dynamic/pgharbor:PrimaryPlacement", "shop-primary-placement");
    expect(placement.dependsOn).toContain("shop-store");
    const ready = engine.one("pulumi-nodejs:dynamic/pgharbor:StoreReady", "shop-store");
    expect(ready.dependsOn).toEqual(expect.arrayContaining(store));
    const members = ["shop-m1-files", "shop-m2-files", "shop-m3-files"];
    for (const name of ["shop-haproxy-1", "shop-pooler-1-primary"]) expect(after(name)).toEqual([...store, ...members]);
    const first = ["shop-haproxy-1-files", "shop-pooler-1-primary-files", "shop-pooler-1-replica-files"];
    for (const name of ["shop-haproxy-2", "shop-pooler-2-primary"])
      expect(after(name).sort()).toEqual([...store, ...members, ...first].sort());
  });

  test("keep network and volumes when labels change", async () => {
    const { engine } = await make();
    expect(engine.one("docker:index/network:Network", "shop-network").ignoreChanges).toEqual(["labels"]);
    for (const volume of engine.of(VOLUME)) expect(volume.ignoreChanges).toContain("labels");
  });

  test("of members are created after the resource that moves the primary away, and deleted before the one that removes them from the cluster", async () => {
    const { engine } = await make();
    const after = (name: string) =>
      engine.one(CONTAINER, name).dependsOn.filter((dependency) => /placement|membership/.test(dependency));
    expect(["shop-m1", "shop-m2"].map(after)).toEqual([["shop-primary-placement"], ["shop-m2-membership"]]);
    const placement = engine.one("pulumi-nodejs:dynamic/pgharbor:PrimaryPlacement", "shop-primary-placement");
    expect(placement.inputs).toMatchObject({
      members: ["m1", "m2", "m3"].map((name) => ({ name, container: `shop-${name}` })),
      memberTemplate: { image: "sha256:shop-postgres-image" },
    });
    const membership = engine.one("pulumi-nodejs:dynamic/pgharbor:Membership", "shop-m3-membership");
    expect(membership.inputs).toMatchObject({ member: "m3", before: ["shop-m1", "shop-m2"] });
  });

  test("publish direct services by their internal ports, each with a free port of its own", async () => {
    const direct = { destination: "postgres", checkPath: "/read-only" };
    const services = [5437, 808].map((port) => ({ ...direct, name: `direct-${port}`, port }));
    const { engine, cluster } = await make({ docker: { publish: "auto" }, services });
    const { ports } = engine.one(CONTAINER, "shop-haproxy-1").inputs as { ports: { internal: number }[] };
    expect(ports.map(({ internal }) => internal)).toEqual([808, 5436, 5437, 5438]);
    const { value } = await shown(cluster.services);
    const known = (value as { name: string; port: number }[]).filter(({ name }) => !/primary|replica/.test(name));
    expect(Object.fromEntries(known.map(({ name, port }) => [name, port]))).toEqual({
      default: 45_436,
      offline: 45_438,
      "direct-5437": 45_437,
      "direct-808": 40_808,
    });
  });

  test("publish any free port, and use a given restart policy", async () => {
    const { engine } = await make({ docker: { publish: "auto", restartPolicy: "no" } });
    expect(engine.one(CONTAINER, "shop-pooler-1-primary").inputs).toMatchObject({
      restart: "no",
      ports: [{ internal: 6432, ip: "127.0.0.1" }],
    });
  });
});

describe("data volumes", () => {
  test("are protected and keep their labels if the program changes them; socket volumes are not", async () => {
    const { engine } = await make();
    for (const [name, role, member] of [
      ["shop-etcd-1-data", "etcd"],
      ["shop-m2-data", "member", "m2"],
    ]) {
      expect(engine.one(VOLUME, name)).toMatchObject({
        inputs: { name, labels: labels(role, member ? [{ label: "pgharbor.member", value: member }] : []) },
        protect: true,
        ignoreChanges: ["labels", "driver", "driverOpts"],
      });
    }
    expect(engine.one(VOLUME, "shop-sockets-1")).toMatchObject({ protect: undefined });
  });

  test("are not protected without deletionProtection", async () => {
    const { engine } = await make({ deletionProtection: false });
    expect(engine.of(VOLUME).map((volume) => volume.protect)).toEqual(Array(5).fill(undefined));
  });
});

describe("files", () => {
  const plan = planCluster("shop", args);
  const containers = containersOf(unitsOf(plan));
  const certificates = Object.fromEntries(
    [...plan.certificates, ...plan.identities].map(({ name }) => [
      name,
      { certificate: `certificate of ${name}-certificate\n`, privateKey: `key of ${name}-key\n` },
    ]),
  );
  const deferred = {
    passwords: Object.fromEntries(plan.passwords.map((user) => [user, `password of shop-${user}-password`])),
    certificates,
    authorities: Object.fromEntries(
      ["store", "members", "checks"].map((kind) => [kind, `certificate of shop-ca-${kind}\n`]),
    ),
    caCertificate: "certificate of shop-ca\n",
  } as never;

  const hidden = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).map(([path, secret]) => [path, { secret }]));

  test.each(containers.map((c) => c.name))("%s gets the planned files, with secrets separate", async (name) => {
    const { engine } = await make();
    const planned = containers.find((c) => c.name === name)!;
    const files = engine.one(FILES, `${name}-files`);
    const texts = (wanted: (file: (typeof planned.files)[number]) => boolean) =>
      Object.fromEntries(planned.files.filter(wanted).map((file) => [file.path, file.content(deferred)]));
    expect(files.inputs).toEqual({
      engine: "",
      container: `id of ${name}`,
      containerName: name,
      program: planned.program,
      uid: planned.uid,
      gid: planned.gid,
      plain: texts((f) => !f.sensitive && !f.initialOnly),
      secret: hidden(texts((f) => f.sensitive && !f.initialOnly)),
      initial: hidden(texts((f) => f.initialOnly === true)),
    });
    expect(files.secretOutputs).toEqual(["secret", "initial"]);
    // The resource would be replaced with its container, and a creation waits for no member.
    expect(files.deletedWith).toBeUndefined();
  });

  test("a first preview shows every text that contains no unknown value", async () => {
    const { engine } = await make({}, { preview: true });
    expect(engine.registered).toHaveLength((await make()).engine.registered.length);
    const haproxy = engine.one(FILES, "shop-haproxy-1-files").inputs;
    const cfg = containers.find((c) => c.name === "shop-haproxy-1")!.files.find((f) => f.path === "haproxy.cfg")!;
    expect(haproxy.plain).toEqual({ "haproxy.cfg": cfg.content(deferred), "ca.crt": UNKNOWN });
    // This file's passwords are not known yet. The file that only the first start reads has no passwords.
    expect(engine.one(FILES, "shop-m1-files").inputs).toMatchObject({
      secret: { "patroni/00-member.yml": UNKNOWN },
      initial: { "patroni/10-bootstrap.yml": { secret: expect.stringContaining("bootstrap:") as string } },
    });
  });
});

test("Patroni's dynamic configuration comes after every container's files", async () => {
  const { engine } = await make();
  const state = engine.one("pulumi-nodejs:dynamic/pgharbor:Patroni", "shop-patroni");
  expect(state.inputs).toEqual({
    engine: "",
    cluster: "shop",
    members: ["shop-m1", "shop-m2", "shop-m3"],
    config: planCluster("shop", args).dynamicConfig,
  });
  expect(state.dependsOn.sort()).toEqual(
    engine
      .of(FILES)
      .map((f) => f.name)
      .sort(),
  );
});

test("the deletion guard depends on every resource of its cluster", async () => {
  const { engine } = await make();
  const guard = engine.one("pulumi-nodejs:dynamic/pgharbor:DeletionGuard", "shop-deletion-guard");
  expect(guard.inputs).toEqual({ cluster: "shop", on: true });
  const others = engine.registered.map(({ name }) => name).filter((name) => !["shop", guard.name].includes(name));
  expect(guard.dependsOn.sort()).toEqual(others.sort());
});

test("Docker resources come after the marker, and containers after the removal of their leftovers", async () => {
  const { engine } = await make();
  for (const type of ["docker:index/network:Network", VOLUME, CONTAINER])
    for (const one of engine.of(type)) expect(one.dependsOn).toContain("shop-marker");
  for (const container of engine.of(CONTAINER)) expect(container.dependsOn).toContain("shop-leftovers");
  const { dependsOn, inputs } = engine.one("pulumi-nodejs:dynamic/pgharbor:Leftovers", "shop-leftovers");
  expect(dependsOn).toEqual(
    expect.arrayContaining(
      ["docker:index/network:Network", VOLUME].flatMap((type) => engine.of(type).map(({ name }) => name)),
    ),
  );
  expect(inputs).toMatchObject({ cluster: "shop", part: "shop", engine: "", uid: "uid of shop-marker" });
});

test("certificates are signed by the cluster's own authority, for every name that clients use", async () => {
  const { engine } = await make({ tls: { hostnames: ["db.example.com"], validityDays: 30 } });
  const validity = { validityPeriodHours: 720, earlyRenewalHours: 240 };
  expect(engine.one("tls:index/selfSignedCert:SelfSignedCert", "shop-ca").inputs).toEqual({
    privateKeyPem: { secret: "key of shop-ca-key\n" },
    subject: { commonName: "shop certificate authority", organization: "pgharbor" },
    isCaCertificate: true,
    allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
    // Clients store this certificate, so it is valid for longer than the certificates it signs.
    validityPeriodHours: 87_600,
    earlyRenewalHours: 29_200,
  });
  expect(engine.one("tls:index/certRequest:CertRequest", "shop-m1-request").inputs).toEqual({
    privateKeyPem: { secret: "key of shop-m1-key\n" },
    subject: { commonName: "shop-m1", organization: "pgharbor" },
    dnsNames: ["shop-m1", "localhost", "*.shop.internal", "shop-haproxy", "db.example.com"],
    ipAddresses: ["127.0.0.1", "::1"],
  });
  expect(engine.one("tls:index/locallySignedCert:LocallySignedCert", "shop-m1-certificate").inputs).toEqual({
    certRequestPem: "request of shop-m1-request\n",
    caPrivateKeyPem: { secret: "key of shop-ca-key\n" },
    caCertPem: "certificate of shop-ca\n",
    allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
    ...validity,
  });
  expect(namesOf(engine, "shop-pooler-1-replica-request")).toEqual([
    "shop-pooler-1-replica",
    "localhost",
    "replica.shop.internal",
    "db.example.com",
  ]);
  expect(namesOf(engine, "shop-pooler-1-primary-request")).toContain("shop-poolers");
  for (const key of engine.of("tls:index/privateKey:PrivateKey"))
    expect(key.inputs).toEqual({ algorithm: "ECDSA", ecdsaCurve: "P256" });
});

test("an authority is valid at least as long as the certificates that it signs", async () => {
  const { engine } = await make({ tls: { validityDays: 7300 } });
  expect(engine.one("tls:index/selfSignedCert:SelfSignedCert", "shop-ca").inputs.validityPeriodHours).toBe(7300 * 24);
});

test("components authenticate to each other with certificates that are not the servers', each kind from a separate authority", async () => {
  const { engine } = await make();
  const signed = engine.of("tls:index/locallySignedCert:LocallySignedCert");
  const identities = signed.filter(({ inputs }) => (inputs.allowedUses as string[]).includes("client_auth"));
  expect(identities.map(({ name, inputs }) => `${name} by ${String(inputs.caCertPem).trim()}`).sort()).toEqual([
    "shop-etcd-1-identity-certificate by certificate of shop-ca-store",
    "shop-haproxy-1-identity-certificate by certificate of shop-ca-checks",
    ...["m1", "m2", "m3"].map((m) => `shop-${m}-identity-certificate by certificate of shop-ca-members`),
  ]);
  // Without names, etcd does no DNS lookups. etcd's JSON gateway refuses a certificate with a common name.
  expect(engine.one("tls:index/certRequest:CertRequest", "shop-m1-identity-request").inputs).toEqual({
    privateKeyPem: { secret: "key of shop-m1-identity-key\n" },
    subject: { organization: "pgharbor" },
  });
  expect(engine.one("tls:index/certRequest:CertRequest", "shop-etcd-1-identity-request").inputs).toMatchObject({
    subject: { organization: "pgharbor" },
    dnsNames: ["shop-etcd-1", "localhost"],
  });
});

test("a given network replaces only the clients' network", async () => {
  const { engine } = await make({ docker: { network: "apps" } });
  const networks = (name: string) =>
    (engine.one(CONTAINER, name).inputs.networksAdvanced as { name: string }[]).map((one) => one.name);
  expect(["shop-haproxy-1", "shop-m1", "shop-etcd-1"].map(networks)).toEqual([
    ["apps", "id of shop-network-members"],
    ["id of shop-network-members", "id of shop-network-store"],
    ["id of shop-network-store"],
  ]);
  const made = engine.of("docker:index/network:Network").map(({ inputs }) => [inputs.name, inputs.internal === true]);
  expect(made).toEqual([
    ["shop.members", false],
    ["shop.store", true],
  ]);
});

test("outputs, and which are secret", async () => {
  const { cluster } = await make();
  expect(await shown(cluster.targetName)).toEqual({ value: "shop", secret: false });
  expect(await shown(cluster.status)).toEqual({ value: "ACTIVE", secret: false });
  expect(await shown(cluster.version)).toEqual({ value: "17", secret: false });
  expect(await shown(cluster.caCertificate)).toEqual({ value: "certificate of shop-ca\n", secret: false });
  expect(await shown(cluster.endpoints)).toEqual({
    value: {
      primary: "127.0.0.1:5433",
      replica: "127.0.0.1:5434",
      default: "127.0.0.1:5436",
      offline: "127.0.0.1:5438",
    },
    secret: false,
  });
  expect((await shown(cluster.services)).value![0]).toEqual({
    name: "primary",
    host: "127.0.0.1",
    port: 5433,
    internalHost: "primary.shop.internal",
    internalPort: 6432,
    role: "primary",
    pooled: true,
  });
  expect(await shown(cluster.adminConnection)).toEqual({
    value: {
      host: "default.shop.internal",
      port: 7033,
      container: { engine: "", containers: ["shop-haproxy-1"], port: 7033 },
      username: "pgharbor_admin",
      password: "password of shop-admin-password",
      caCertificate: "certificate of shop-ca\n",
      database: "postgres",
    },
    secret: true,
  });
});

test("a preview knows the fixed ports, and not the free ones", async () => {
  const fixed = await make({}, { preview: true });
  expect((await shown(fixed.cluster.endpoints)).value).toMatchObject({ primary: "127.0.0.1:5433" });
  const free = await make({ docker: { publish: "auto" } }, { preview: true });
  expect((await shown(free.cluster.services)).value).toBeUndefined();
});

test("two clusters in one program share no resource", async () => {
  const engine = await MockEngine.start();
  new PostgresCluster("one", { docker: { publish: "auto" }, images });
  new PostgresCluster("two", { docker: { publish: "auto" }, images });
  await engine.settle();
  const urns = engine.registered.map((r) => r.urn);
  expect(new Set(urns).size).toBe(urns.length);
  const named = engine.registered.map((r) => (r.inputs as { name?: string }).name).filter((n) => n && !n.includes("/"));
  expect(new Set(named).size).toBe(named.length);
});
