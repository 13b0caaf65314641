import Docker from "dockerode";
import { containerLimits } from "../../packages/pgharbor/src/platform/docker/containers/container-limits";
import { goDuration } from "../../packages/pgharbor/src/platform/docker/containers/go-duration";
import { publishedPorts } from "../../packages/pgharbor/src/platform/docker/containers/published-ports";
import { type PulumiProject, withPulumiProject } from "../support/pulumi-project";
import { testImage } from "../support/test-image";

jest.setTimeout(900_000);

/** Records how the docker provider treats our declarations, and why we do not use a simpler form. */
const engine = new Docker();
const prefix = `provider-${process.pid}`;
const MEBIBYTE = 1024 ** 2;
const AS_OURS = { deleteBeforeReplace: true, replaceOnChanges: ["cpuPeriod", "cpuQuota"] };
let image: string;

beforeAll(async () => {
  image = await testImage();
});

interface Declared {
  readonly [input: string]: unknown;
}

/** A program of containers that do nothing. */
function programOf(containers: Record<string, Declared>): string {
  const common = { command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"], mustRun: true };
  const made = Object.entries(containers).map(([name, { options = {}, ...declared }]) => {
    const args = JSON.stringify({ name: `${prefix}-${name}`, ...common, ...declared });
    return `new docker.Container("${name}", { image: image.imageId, ...${args} }, ${JSON.stringify(options)});`;
  });
  return `import * as docker from "@pulumi/docker";
    const image = new docker.RemoteImage("image", { name: ${JSON.stringify(image)}, keepLocally: true });
    ${made.join("\n")}`;
}

const inspect = (name: string) => engine.getContainer(`${prefix}-${name}`).inspect();

/** The planned operation for each container that the next update changes. */
async function planOf(project: PulumiProject): Promise<Record<string, string>> {
  const { steps } = await project.previewJson();
  const changed = steps.filter((step) => step.op !== "same" && step.urn.includes("docker:index/container:Container"));
  return Object.fromEntries(changed.map((step) => [step.urn.split("::").pop()!, step.op]));
}

test("limits, ports and durations settle in the form in which our containers have them", async () => {
  const cores = [0.05, 0.5, 1, 1.5, 10];
  const limited = Object.fromEntries(cores.map((n, i) => [`cores-${i}`, containerLimits(64 * MEBIBYTE, n)]));
  const ports = publishedPorts([
    { internal: 8081, bindAddress: "127.0.0.1" },
    { internal: 808, bindAddress: "127.0.0.1" },
    { internal: 8080, bindAddress: "0.0.0.0" },
  ]);
  const durations = { interval: goDuration("60s"), timeout: goDuration("1500 ms"), startPeriod: goDuration("1h") };
  const healthcheck = { tests: ["CMD", "true"], retries: 3, ...durations };
  const program = programOf({ ...limited, published: { ports, healthcheck } });
  await withPulumiProject({ program }, async (project) => {
    await project.up();
    await project.expectNoChanges();
    await project.refresh();
    await project.expectNoChanges();
    const quotas = await Promise.all(cores.map(async (_, i) => (await inspect(`cores-${i}`)).HostConfig));
    expect(quotas.map(({ CpuQuota, CpuPeriod }) => CpuQuota! / CpuPeriod!)).toEqual(cores);
    expect(quotas.map(({ Memory, MemorySwap }) => [Memory, MemorySwap])).toEqual(
      cores.map(() => [64 * MEBIBYTE, 64 * MEBIBYTE]),
    );
  });
});

test("the simpler forms do not settle", async () => {
  const program = programOf({
    cores: { cpus: "1" },
    memory: { memory: 64 },
    ports: { ports: [{ internal: 8081 }, { internal: 8080 }] },
    duration: { healthcheck: { tests: ["CMD", "true"], interval: "60s" } },
  });
  await withPulumiProject({ program }, async (project) => {
    await project.up();
    await project.refresh();
    const plan = await planOf(project);
    expect(Object.keys(plan).sort()).toEqual(["cores", "duration", "memory", "ports"]);
    expect(plan).toMatchObject({ cores: "replace", ports: "replace" });
  });
});

test("memory changes in place, cores by another container, and a stopped container starts again", async () => {
  const program = (memory: number, cores: number) =>
    programOf({
      limits: {
        ...containerLimits(memory * MEBIBYTE, cores),
        options: AS_OURS,
      },
    });
  await withPulumiProject({ program: program(64, 1) }, async (project) => {
    await project.up();
    const first = await inspect("limits");
    for (const memory of [96, 48]) {
      await project.write(program(memory, 1));
      expect(await planOf(project)).toEqual({ limits: "update" });
      await project.up();
      const { Id, HostConfig } = await inspect("limits");
      expect([Id, HostConfig.Memory, HostConfig.MemorySwap]).toEqual([first.Id, memory * MEBIBYTE, memory * MEBIBYTE]);
    }
    await project.write(program(48, 2));
    await project.up();
    const second = await inspect("limits");
    expect(second.Id).not.toBe(first.Id);
    expect(second.HostConfig.CpuQuota).toBe(200_000);
    await engine.getContainer(second.Id).stop({ t: 1 });
    await project.refresh();
    await project.up();
    expect(await inspect("limits")).toMatchObject({ Id: second.Id, State: { Running: true } });
    await project.refresh();
    await project.expectNoChanges();
  });
});

test("a container is gone after a destroy, and no secret of it is shown or stored in plain text", async () => {
  const uploads = `[{ file: "/etc/app/key", content: pulumi.secret("sesame-77"), permissions: "0440" }]`;
  const program = `import * as pulumi from "@pulumi/pulumi"; import * as docker from "@pulumi/docker";
    export const id = new docker.Container("secret", { name: "${prefix}-secret", image: ${JSON.stringify(image)},
      command: ["sleep", "infinity"], user: "105:107", groupAdds: ["0"], envs: [pulumi.secret("TOKEN=hunter2-41")], uploads: ${uploads} }).id;`;
  await withPulumiProject({ program }, async (project) => {
    const shown = [(await project.preview("--diff")).stdout, (await project.up()).stdout, await project.export()];
    await project.expectNoChanges();
    for (const secret of ["hunter2-41", "sesame-77"]) expect(shown.join("\n")).not.toContain(secret);
    // Docker 20.10 looks up a container's user among the host's users, but only if an upload sets an owner.
    expect(await execute(`${prefix}-secret`, ["cat", "/etc/app/key"])).toContain("sesame-77");
  });
  await expect(inspect("secret")).rejects.toMatchObject({ statusCode: 404 });
});

async function execute(container: string, command: string[]): Promise<string> {
  const exec = await engine.getContainer(container).exec({ Cmd: command, AttachStdout: true });
  const pieces: Buffer[] = [];
  for await (const piece of await exec.start({})) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
