import { planAddedService, planCluster, unitsOf, type DeferredValues, type PlannedContainer } from "@pgharbor/core";
import { fakeDeferred } from "../golden/fake-deferred-values";
import { goldenCases, type GoldenCase } from "../golden/golden-case";
import { ProgramContainer, type ProgramImage } from "../support/program-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(900_000);

/** Checks every container of every golden case, not only those whose files are compared. */
const planned = goldenCases().flatMap((one) => containersOf(one).map((container) => ({ one, container })));
const containers = new Map<string, Promise<ProgramContainer>>();
const certificates = testCertificates("localhost", ["127.0.0.1"]);

afterAll(async () => {
  for (const container of containers.values()) await (await container).remove();
});

const of = (program: string) =>
  planned
    .filter(({ container }) => container.program === program)
    .map(({ one, container }) => ({ one, container, name: `${one.name} ${container.name}` }));

test.each(of("haproxy"))("haproxy -c takes $name, without a warning", async ({ one, container }) => {
  const { program, folder } = await put(one, container);
  // Every pod has this variable in its environment; addresses in haproxy.cfg use it.
  const haproxy = ["env", "POD_NAMESPACE=shop", "haproxy"];
  const { code, stdout, stderr } = await program.exec(...haproxy, "-c", "-V", "-f", `${folder}/haproxy.cfg`);
  expect(stdout + stderr).not.toMatch(/\[(WARNING|ALERT)\]/);
  expect(code).toBe(0);
});

test.each(of("pgbouncer"))("PgBouncer starts with $name", async ({ one, container }) => {
  const { program, folder } = await put(one, container);
  expect(await program.check("pgbouncer", folder)).toMatchObject({ code: 0, stderr: "" });
});

test.each(of("patroni"))("patroni --validate-config takes $name", async ({ one, container }) => {
  const { program, folder } = await put(one, container);
  expect(await program.check("patroni", folder)).toMatchObject({ code: 0, stderr: "" });
});

test.each(of("etcd"))("etcd starts with $name", async ({ one, container }) => {
  const { program, folder } = await put(one, container);
  expect(await program.check("etcd", folder)).toMatchObject({ code: 0 });
  await program.exec("ln", "-sfn", folder, "/etc/pgharbor/current");
  // Without the other members, and without its own DNS name, etcd waits. It ends at once on a file that it does not
  // understand.
  const run = `rm -rf /var/lib/etcd/data; timeout 3 etcd --config-file /etc/pgharbor/current/etcd.yml 2>&1`;
  const { code, stdout } = await program.exec("sh", "-c", run);
  expect(stdout).not.toMatch(/"level":"(fatal|panic)"|error (verifying|parsing)|unknown/);
  expect(code).toBe(124);
});

test("a file with an error in it is refused by each of these checks", async () => {
  const broken = async (program: string, spoil: (files: Record<string, string>) => void) => {
    const { one, container } = of(program)[0];
    const { program: running, folder } = await put(one, container, spoil);
    return (await running.check(program, folder)).code;
  };
  expect(await broken("haproxy", (f) => (f["haproxy.cfg"] += "listen x\n  frobnicate\n"))).not.toBe(0);
  expect(await broken("pgbouncer", (f) => (f["pgbouncer.ini"] += "pool_mode = sometimes\n"))).not.toBe(0);
  // PgBouncer ignores an HBA line that it does not understand, and starts. If that line were a reject, clients would
  // get in.
  expect(await broken("pgbouncer", (f) => (f["hba.conf"] += "host all mallory nowhere reject\n"))).not.toBe(0);
  expect(await broken("patroni", (f) => (f["patroni/00-member.yml"] = "scope: [\n"))).not.toBe(0);
  expect(await broken("patroni", (f) => (f["rest-clients-ca.crt"] = "nobody\n"))).not.toBe(0);
  expect(await broken("haproxy", (f) => (f["check.pem"] = "nothing\n"))).not.toBe(0);
  expect(await broken("etcd", (f) => (f["etcd.yml"] = "nothing: here\n"))).not.toBe(0);
});

async function put(
  one: GoldenCase,
  container: PlannedContainer,
  spoil: (files: Record<string, string>) => void = () => {},
) {
  const { ca, cert, key } = await certificates;
  const everyone = new Proxy(
    {},
    {
      get: () => ({ certificate: cert, privateKey: key }),
    },
  );
  const fake = fakeDeferred(planOf(one));
  const deferred: DeferredValues = {
    ...fake,
    caCertificate: ca,
    authorities: Object.fromEntries(Object.keys(fake.authorities).map((authority) => [authority, ca])),
    certificates: everyone,
  };
  const files = Object.fromEntries(container.files.map((file) => [file.path, file.content(deferred)]));
  spoil(files);
  const program = await running(imageOf(one, container));
  const { uid, gid } = container;
  const revision = `${one.name}-${container.name}-${Math.random().toString(36).slice(2)}`;
  return { program, folder: await program.put(revision, { files, uid, gid }) };
}

function running(image: ProgramImage): Promise<ProgramContainer> {
  // etcd resolves its peers' names, and HAProxy the names of all members.
  const names = planned.flatMap(({ container: c }) => [
    ...(c.program === "etcd" ? [c.name] : []),
    ...(c.program === "haproxy" ? c.networks.flatMap(({ aliases }) => aliases) : []),
  ]);
  const container = containers.get(image) ?? ProgramContainer.of(image, [...new Set(names)]);
  containers.set(image, container);
  return container;
}

function imageOf(one: GoldenCase, { image }: PlannedContainer): ProgramImage {
  return image === "postgres" ? `postgres ${one.spec.postgresVersion ?? "17"}` : image;
}

function planOf(one: GoldenCase) {
  const cluster = planCluster(one.cluster, one.spec);
  return one.addedService === undefined
    ? cluster
    : planAddedService(cluster.model, cluster.model.services, one.addedService);
}

function containersOf(one: GoldenCase): PlannedContainer[] {
  const plan = planOf(one);
  return "gateway" in plan ? plan.gateway.containers : unitsOf(plan).flatMap(({ containers }) => containers);
}
