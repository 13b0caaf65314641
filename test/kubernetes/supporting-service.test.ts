import type { ServiceInstance } from "pgharbor";
import { ensureDocker, ensureImages, loadImages } from "@pgharbor/toolchain";
import { connectionFiles, libpqConnects, mcpReadsAsTheUser } from "../support/contract/supporting-services";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { callTool, initialize } from "../support/mcp-client";
import { images } from "../support/pinned-images";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

const mcp = (config = "") => `
  const mcp = new SupportingService("mcp", {
    target: cluster, database: database.databaseName, connectAs: reader, serviceType: "mcp", hosts: ["local"], port: 8090, memory: "512MB", ${config}
  });
  export const instances = mcp.instances;`;
// The member's image has psql: a health check by libpq itself, through pg_service.conf.
const libpq = `
  const libpq = new SupportingService("libpq", {
    target: cluster, database: database.databaseName, connectAs: reader, image: ${JSON.stringify(images.postgres["17"])},
    user: "102:104", hosts: ["local"],
    service: "audit", targetSessionAttrs: "any", command: ["sleep", "infinity"], env: { TZ: "UTC" },
    config: { path: "/etc/app/app.conf", values: { b: "2", a: "1" } }, secretFiles: { "/run/app/key": "s3cret-of-the-app" },
    healthcheck: { command: ["psql", "service=pgharbor", "-c", "select 1"], interval: "1s" },
  });
  export const libpqInstances = libpq.instances;`;

const program = (namespace: string, extra: string) => `
  import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 1, gateways: 1, deletionProtection: false,
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const reader = new PgUser("reader", { target: cluster, username: "app_reader", roles: [{ name: "app_owner" }] });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username, baseline: "create table public.harbour (name text)" });
  const audit = new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/primary" });
  export const endpoint = audit.endpoint;
  export const uri = new ServiceBinding("app", { user: reader, database, service: "audit" }).uri;
  export const password = reader.password;
  ${extra}
`;

interface Outputs {
  endpoint: { host: string; port: number; role: string; pooled: boolean };
  uri: string;
  password: string;
  instances: ServiceInstance[];
  libpqInstances: ServiceInstance[];
}
interface Pods {
  items: {
    metadata: { name: string; uid: string };
    spec: { containers: { securityContext: object; resources: { limits?: object } }[] };
    status: { podIP: string };
  }[];
}

const MCP = "shop-mcp-local";
const LIBPQ = "shop-libpq-local";

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const { client } = await ensureDocker(progress);
  // By default the test set-up loads only the images of members and gateways.
  const { mcp } = await ensureImages(client, { mcp: true }, progress);
  await loadImages(kubernetes, client, [mcp!], progress);
});

test("supporting services and a service added to a cluster, from up to destroy, in a restricted namespace", () =>
  kubernetes.withNamespace(
    "side",
    async (namespace) => {
      const project = await pulumiProject({
        program: program(namespace, mcp() + libpq),
        env: { KUBECONFIG: kubernetes.kubeconfig },
      });
      try {
        await project.up();
        await project.expectNoChanges();
        await project.refresh("--expect-no-changes");
        const outputs = await project.outputs<Outputs>();
        await saysWhereAndHow(namespace, outputs);
        await mcpAnswers(namespace);
        await libpqAnswers(namespace, outputs);
        await showsNoSecret(project, namespace, outputs);
        await configurationMakesANewPod(project, namespace);
        await failsAndComesBack(project, namespace);
        await goesWithoutTheRest(project, namespace);
        await project.destroy();
        expect(await kubernetes.left(namespace, /shop/)).toEqual([]);
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));

const podsOf = (namespace: string, service: string) =>
  kubernetes.get<Pods>(["pods", "-n", namespace, "-l", `pgharbor.cluster=shop,pgharbor.service=${service}`]);
const uidsOf = async (namespace: string): Promise<Record<string, string>> => {
  const { items } = await kubernetes.get<Pods>(["pods", "-n", namespace]);
  return Object.fromEntries(
    items.map(({ metadata }) => [metadata.name.replace(/-[0-9a-f]+-\w{5}$/, ""), metadata.uid]),
  );
};
const inLibpq = (namespace: string, ...command: string[]) =>
  kubernetes.kubectl(["-n", namespace, "exec", `deployment/${LIBPQ}`, "--", ...command]);

async function saysWhereAndHow(namespace: string, outputs: Outputs): Promise<void> {
  const [instance] = outputs.instances;
  expect(outputs.instances).toHaveLength(1);
  expect(instance).toMatchObject({ name: MCP, host: "local", port: 8090, state: "running", health: "healthy" });
  expect(instance.addresses).toEqual([`${MCP}.${namespace}.svc.cluster.local:8090`]);
  expect(Date.parse(instance.lastHealthAt!)).toBeLessThan(Date.now());
  expect(outputs.libpqInstances).toMatchObject([
    { name: LIBPQ, image: images.postgres["17"], addresses: [], state: "running", health: "healthy" },
  ]);
  expect(outputs.libpqInstances[0].port).toBeUndefined();
  const host = `shop-audit.${namespace}.svc.cluster.local`;
  expect(outputs.endpoint).toMatchObject({ host, port: 5435, role: "primary", pooled: false });
}

/** Uses the Service's name in the request. This machine can connect only to its address. */
async function endpointOf(namespace: string): Promise<{ url: string; address: string }> {
  const host = `${MCP}.${namespace}.svc.cluster.local`;
  const { [host]: address } = await kubernetes.serviceAddresses(namespace);
  return { url: `http://${host}:8090/mcp`, address: address };
}

async function mcpAnswers(namespace: string): Promise<void> {
  const endpoint = await endpointOf(namespace);
  await mcpReadsAsTheUser(endpoint);
  // Protects against DNS rebinding: any other name is refused.
  await expect(initialize({ ...endpoint, url: "http://attacker.example:8090/mcp" })).rejects.toThrow(
    /403 .*not allowed/,
  );
}

async function libpqAnswers(namespace: string, { endpoint }: Outputs): Promise<void> {
  const run = (...command: string[]) => inLibpq(namespace, ...command);
  await libpqConnects(run);
  // The added service is used.
  expect(await run("cat", "/run/pgharbor/connection/pg_service.conf")).toContain(`host=${endpoint.host}\n`);
  const files = await run("sh", "-c", "stat -L -c '%n %a %g' /run/pgharbor/connection/*");
  expect(files.trim().split("\n")).toEqual(connectionFiles("440 104"));
}

async function showsNoSecret(project: PulumiProject, namespace: string, { password }: Outputs): Promise<void> {
  for (const service of ["mcp", "libpq"])
    for (const pod of (await podsOf(namespace, service)).items)
      expect(pod.spec.containers[0].securityContext).toMatchObject({ capabilities: { drop: ["ALL"] } });
  const [mcpPod] = (await podsOf(namespace, "mcp")).items;
  expect(mcpPod.spec.containers[0].resources.limits).toEqual({ memory: "512Mi" });
  const preview = (await project.preview("--diff")).stdout;
  const objects = await kubernetes.kubectl([
    "-n",
    namespace,
    "get",
    "pods,deployments,services,configmaps",
    "-o",
    "yaml",
  ]);
  const logs = await kubernetes.kubectl(["-n", namespace, "logs", `deployment/${MCP}`]);
  const seen = [objects, logs, await project.export(), preview].join("\n");
  for (const secret of [password, "s3cret-of-the-app"]) expect(seen.includes(secret)).toBe(false);
}

async function configurationMakesANewPod(project: PulumiProject, namespace: string): Promise<void> {
  const { [MCP]: old, ...same } = await uidsOf(namespace);
  await project.write(program(namespace, mcp('config: { values: { allow_writes: "true", max_rows: "1" } }') + libpq));
  await project.up();
  await project.expectNoChanges();
  const { [MCP]: changed, ...others } = await uidsOf(namespace);
  expect(changed).not.toBe(old);
  expect(others).toEqual(same);
  const sql = "insert into harbour values ('Piraeus') returning name";
  expect((await callTool(await endpointOf(namespace), "execute_sql", { sql })).text).toContain("Piraeus");
}

/** A scale to zero counts as a failure, because nothing declares that it is intended. */
async function failsAndComesBack(project: PulumiProject, namespace: string): Promise<void> {
  await kubernetes.kubectl(["-n", namespace, "scale", `deployment/${LIBPQ}`, "--replicas=0"]);
  const waitForDeletion = [
    "-n",
    namespace,
    "wait",
    "--for=delete",
    "pod",
    "-l",
    "pgharbor.service=libpq",
    "--timeout=60s",
  ];
  await kubernetes.kubectl(waitForDeletion);
  await project.refresh();
  const found = (await project.resources()).find((r) => r.urn.endsWith(`::${LIBPQ}-state`));
  expect(found!.outputs).toMatchObject({ state: "failed" });
  await project.up();
  expect((await project.outputs<Outputs>()).libpqInstances).toMatchObject([{ state: "running", health: "healthy" }]);
  await project.refresh();
  await project.expectNoChanges();
}

async function goesWithoutTheRest(project: PulumiProject, namespace: string): Promise<void> {
  const before = await uidsOf(namespace);
  await project.write(program(namespace, ""));
  await project.up();
  await project.expectNoChanges();
  const { [MCP]: _mcp, [LIBPQ]: _libpq, ...rest } = before;
  expect(await uidsOf(namespace)).toEqual(rest);
  expect(await kubernetes.left(namespace, /mcp|libpq/)).toEqual([]);
}
