import { randomBytes } from "node:crypto";
import { ensureImages } from "@pgharbor/toolchain";
import { DockerCluster } from "../support/docker-cluster";
import { freePorts } from "../support/free-ports";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

/**
 * Deletion protection refuses a destroy, and a second cluster with the same name is refused. Neither changes anything.
 */
jest.setTimeout(900_000);

const NAME = `tkept${randomBytes(2).toString("hex")}`;
const cluster = (protection: boolean): string => `
  import { PgAccess, PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, members: 1, tuning: "tiny", deletionProtection: ${protection},
  });
`;
const program = (image: string, port: number, protection: boolean): string => `
  ${cluster(protection)}
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const reader = new PgUser("reader", { target: cluster, username: "app_reader" }, { dependsOn: cluster });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  new PgAccess("access", { target: cluster, users: { app_job: {} }, grants: {} });
  new PgService("audit", { cluster, port: ${port}, destination: "postgres" });
  const service = new SupportingService("idle", {
    target: cluster, database: database.databaseName, connectAs: reader, image: "${image}", command: ["sleep", "infinity"], hosts: ["local"],
    healthcheck: { command: ["true"], interval: "1s" },
  });
  // In the middle of a program, not at its end.
  export = async () => {
    await Promise.resolve();
    const late = new PgUser("late", { target: cluster, username: "app_late" });
    return { uri: new ServiceBinding("app", { user: late, database }).uri, instances: service.instances };
  };
`;

let engine: DockerCluster;
let project: PulumiProject;
let image: string;
let port: number;
beforeAll(async () => {
  engine = await DockerCluster.named(NAME);
  image = (await ensureImages(engine.docker, {}, (line) => void process.stderr.write(`${line}\n`))).postgres["17"]!;
  port = (await freePorts(1))[0]!;
  project = await pulumiProject({ program: program(image, port, true) });
  await project.up();
});
afterAll(() => project?.remove());

const state = async (): Promise<unknown> => {
  const { stdout } = await project.run("stack", "export", "--stack", "test", "--show-secrets");
  return (JSON.parse(stdout) as { deployment: { resources: unknown } }).deployment.resources;
};

test("a refused destroy takes nothing: no container, and nothing out of the state", async () => {
  const before = { state: await state(), lives: await engine.lives() };
  await expect(project.destroy()).rejects.toThrow(/deletionProtection is on/);
  expect({ state: await state(), lives: await engine.lives() }).toEqual(before);
  await project.expectNoChanges();
  expect((await project.up()).summary).not.toHaveProperty("created");
});

test("a cluster taken out of the program is refused as well, with all that is declared on it", async () => {
  const before = { state: await state(), lives: await engine.lives() };
  await project.write(`export const nothing = 1;`);
  await expect(project.up()).rejects.toThrow(/deletionProtection is on/);
  const after = { state: await state(), lives: await engine.lives() };
  const kept = (resources: unknown) => (resources as { urn: string; type: string }[]).filter(isOurs);
  expect({ state: kept(after.state), lives: after.lives }).toEqual({ state: kept(before.state), lives: before.lives });
  await project.write(program(image, port, true));
  await project.up();
  await project.expectNoChanges();
});
const isOurs = ({ type }: { type: string }): boolean => !type.startsWith("pulumi:pulumi:");

test("a second stack with a cluster of the same name is refused before it creates anything", async () => {
  const before = await engine.lives();
  const second = await pulumiProject({ program: cluster(false), name: "second" });
  try {
    const failure = await second.up().then(
      () => "",
      (error: Error) => error.message.replace(/\s+/g, " "),
    );
    expect(failure).toMatch(
      new RegExp(
        `a cluster of this name already exists: container ${NAME}-\\S+ is of cluster "${NAME}" of stack test-\\w+/test`,
      ),
    );
    expect(failure).toContain("give this cluster another name");
    await second.destroy();
    expect(await engine.lives()).toEqual(before);
  } finally {
    await second.remove();
  }
});

test("an object of no cluster, or created by hand, is refused by name and stays", async () => {
  await project.write(program(image, port, false).replace("members: 1", "members: 2"));
  await engine.docker.createVolume({ Name: `${NAME}-m2-data` });
  await expect(project.up()).rejects.toThrow(/already exists\s+and is not managed by pgharbor/);
  expect((await engine.docker.getVolume(`${NAME}-m2-data`).inspect()).Labels ?? {}).toEqual({});
  await engine.docker.getVolume(`${NAME}-m2-data`).remove();
});

test("one user leaves while protection is on, and without it the cluster goes with everything", async () => {
  await project.write(program(image, port, true).replace(/const late = .*;/, "const late = reader;"));
  const { summary } = await project.up();
  expect(summary.deleted).toBeGreaterThan(0);
  await project.write(program(image, port, false));
  await project.up();
  await project.destroy();
  expect(await engine.remains()).toEqual([]);
});
