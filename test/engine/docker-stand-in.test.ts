import Docker from "dockerode";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";
import { testImage } from "../support/test-image";

jest.setTimeout(900_000);

const engine = new Docker();
const name = `standin-${process.pid}`;
let image: string;

beforeAll(async () => {
  image = await testImage();
});

interface Outputs {
  readonly id: string;
  readonly ports: { internal: number; external: number; ip: string; protocol: string }[];
  readonly networks: { networkName: string; ipAddress: string }[];
}

const program = () => `
  import * as docker from "@pulumi/docker";
  import * as pulumi from "@pulumi/pulumi";
  const config = new pulumi.Config();
  const network = new docker.Network("network", { name: "${name}", labels: [{ label: "made-by", value: "test" }] });
  const volume = new docker.Volume("volume", {});
  const image = new docker.RemoteImage("image", { name: ${JSON.stringify(image)}, keepLocally: true });
  const container = new docker.Container("container", {
    image: image.imageId,
    name: config.get("name"),
    command: ["sh", "-c", "trap 'exit 0' TERM; test -s /etc/app/key && while :; do sleep 0.2; done"],
    envs: ["PLAIN=1", pulumi.secret("TOKEN=hunter2-41")],
    hostname: config.get("hostname") ?? "m1",
    networksAdvanced: [{ name: network.name, aliases: ["b-alias", "a-alias"] }],
    ports: [{ internal: 8081, ip: "127.0.0.1" }, { internal: 8080 }],
    volumes: [{ volumeName: volume.name, containerPath: "/data" }],
    mounts: [{ type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 1048576 } }],
    uploads: [{ file: "/etc/app/key", content: pulumi.secret("sesame-77"), permissions: "0600" },
      { file: "/etc/app/run", contentBase64: "ZWNobyBoaQ==", executable: true }],
    labels: [{ label: "made-by", value: "test" }],
    memory: config.getNumber("memory") ?? 64, memorySwap: 128, shmSize: 32, cpus: "0.5",
    restart: config.get("restart") ?? "no",
    healthcheck: { tests: ["CMD", "true"], interval: "1s", timeout: "60s", retries: 3 }, wait: true, waitTimeout: 60,
    capabilities: { drops: ["NET_RAW"] }, securityOpts: ["no-new-privileges"], init: true, stopTimeout: 3,
    ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }], sysctls: { "net.ipv4.ip_unprivileged_port_start": "80" },
    hosts: [{ host: "elsewhere", ip: "10.0.0.1" }], tmpfs: { "/run/app": "rw,size=1m" }, logOpts: { "max-size": "1m" },
  });
  export const id = container.id;
  export const ports = container.ports;
  export const networks = container.networkDatas;`;

async function inspectOf(project: PulumiProject): Promise<Docker.ContainerInspectInfo> {
  return engine.getContainer((await project.outputs<Outputs>()).id).inspect();
}

test("a container is made as written, read back whole, and leaves nothing", async () => {
  let id = "";
  await withPulumiProject({ program: program() }, async (project) => {
    const planned = await project.preview();
    expect(planned.stdout).toMatch(/ports +: \[unknown\]/);
    const up = await project.up();
    expect(up.summary).toEqual({ created: 5 });
    const outputs = await project.outputs<Outputs>();
    id = outputs.id;
    expect(outputs.ports).toEqual([
      { internal: 8081, external: expect.any(Number), ip: "127.0.0.1", protocol: "tcp" },
      { internal: 8080, external: expect.any(Number), ip: "0.0.0.0", protocol: "tcp" },
    ]);
    expect(outputs.networks).toEqual([expect.objectContaining({ networkName: name })]);
    const found = await inspectOf(project);
    expect(found.Name).toMatch(/^\/container-[0-9a-f]{7}$/);
    expect(found.NetworkSettings.Networks[name]?.Aliases).toEqual(expect.arrayContaining(["a-alias", "b-alias"]));
    expect(Object.keys(found.NetworkSettings.Networks)).toEqual([name]);
    expect(found.HostConfig).toMatchObject({ Memory: 64 * 1024 ** 2, NanoCpus: 5e8, CapDrop: ["NET_RAW"], Init: true });
    const files = await execute(id, ["stat", "-c", "%a %s", "/etc/app/key", "/etc/app/run"]);
    expect(files.trim().split("\n")).toEqual(["600 9", "744 7"]);
    await project.refresh();
    await project.expectNoChanges();
    const shown = planned.stdout + up.stdout + (await project.export());
    for (const secret of ["hunter2-41", "sesame-77"]) expect(shown).not.toContain(secret);
  });
  await expect(engine.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  await expect(engine.getNetwork(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("limits change in place; a host name replaces, the old container first when its name is fixed", async () => {
  await withPulumiProject({ program: program(), config: { name: `${name}-c` } }, async (project) => {
    await project.up();
    const before = await inspectOf(project);
    await project.setConfig("memory", "96");
    await project.setConfig("restart", "always");
    expect((await project.up()).summary).toEqual({ updated: 1, unchanged: 4 });
    const after = await inspectOf(project);
    expect(after.Id).toBe(before.Id);
    expect(after.HostConfig).toMatchObject({ Memory: 96 * 1024 ** 2, RestartPolicy: { Name: "always" } });
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
    await project.expectNoChanges();
    await project.setConfig("hostname", "m2");
    const { steps } = await project.previewJson();
    const ops = steps.filter((step) => step.urn.endsWith("::container")).map((step) => step.op);
    expect(ops).toEqual(["replace"]);
    expect((await project.up()).summary).toEqual({ replaced: 1, unchanged: 4 });
    expect((await inspectOf(project)).Config.Hostname).toBe("m2");
  });
});

test("a refresh sees a stopped, a changed and a removed container", async () => {
  await withPulumiProject({ program: program() }, async (project) => {
    await project.up();
    const container = engine.getContainer((await project.outputs<Outputs>()).id);
    await container.stop({ t: 1 });
    expect((await project.refresh()).summary).toEqual({ updated: 1, unchanged: 4 });
    expect((await project.up()).summary).toEqual({ updated: 1, unchanged: 4 });
    expect((await container.inspect()).State.Running).toBe(true);
    await project.expectNoChanges();
    await container.update({ Memory: 80 * 1024 ** 2, MemorySwap: 128 * 1024 ** 2 });
    await project.refresh();
    const { steps } = await project.previewJson();
    const drift = steps.find((step) => step.urn.endsWith("::container"));
    expect(drift).toMatchObject({ op: "update", detailedDiff: { memory: expect.anything() as object } });
    await project.up();
    expect((await container.inspect()).HostConfig.Memory).toBe(64 * 1024 ** 2);
    await container.remove({ force: true });
    expect((await project.refresh()).summary).toEqual({ deleted: 1, unchanged: 4 });
    expect((await project.up()).summary).toEqual({ created: 1, unchanged: 4 });
  });
});

test("a container that will not start is an error with its last words, and does not stay", async () => {
  // `wait` makes its end certain to be seen: without it there is one look right after the start.
  const container = (command: string, more: string) => `
    const c = new docker.Container("c", { name: "${name}-fails", image: ${JSON.stringify(image)},
      command: ["sh", "-c", "${command}; exit 3"], ${more} });`;
  const failing = `import * as docker from "@pulumi/docker";
    ${container("echo no configuration", 'wait: true, healthcheck: { tests: ["CMD", "false"], interval: "1s" }')}`;
  await withPulumiProject({ program: failing }, async (project) => {
    const message = await project.up().catch((error: Error) => error.message);
    expect(message).toContain("exited with code 3 before it was healthy");
    expect(message).toContain("no configuration");
    await expect(engine.getContainer(`${name}-fails`).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await project.write(`import * as docker from "@pulumi/docker";
      ${container("echo done", "mustRun: false, attach: true, logs: true")}
      export const logs = c.containerLogs; export const code = c.exitCode;`);
    await project.up();
    expect(await project.outputs()).toEqual({ logs: "done\n", code: 3 });
    await project.expectNoChanges();
  });
});

test("volumes and networks are imported by id, and a missing image is explained", async () => {
  await engine.createVolume({ Name: `${name}-data`, Labels: { keep: "yes" } });
  const volume = `new docker.Volume("data", { name: "${name}-data", labels: [{ label: "keep", value: "yes" }] });`;
  const header = `import * as docker from "@pulumi/docker";`;
  await withPulumiProject({ program: header }, async (project) => {
    await project.up();
    await project.import("docker:index/volume:Volume", "data", `${name}-data`, "--protect=false");
    await project.write(header + volume);
    await project.expectNoChanges();
    await project.write(`${header}${volume} new docker.Container("c", { image: "localhost:1/nowhere:1" });`);
    await expect(project.up()).rejects.toThrow(
      "the image localhost:1/nowhere:1 is not on this engine, and pulling it failed",
    );
  });
  await expect(engine.getVolume(`${name}-data`).inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("another engine by the provider's host; one that cannot be reached is explained", async () => {
  const through = (host: string) => `import * as docker from "@pulumi/docker";
    const provider = new docker.Provider("p", { host: ${JSON.stringify(host)} });
    new docker.Volume("v", {}, { provider });`;
  await withPulumiProject({ program: through("unix:///nonexistent/docker.sock") }, async (project) => {
    await expect(project.up()).rejects.toThrow("cannot reach the Docker engine");
    await project.write(through("ssh://root@example.org"));
    await expect(project.preview()).rejects.toThrow("the offline stand-in cannot reach ssh://root@example.org");
    await project.write(through("unix:///var/run/docker.sock"));
    expect((await project.up()).summary).toMatchObject({ created: expect.any(Number) as number });
  });
});

async function execute(id: string, command: string[]): Promise<string> {
  const exec = await engine.getContainer(id).exec({ Cmd: command, AttachStdout: true });
  const stream = await exec.start({});
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces)
    .toString("utf8")
    .replace(/[^\x20-\x7e\n]/g, "")
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
