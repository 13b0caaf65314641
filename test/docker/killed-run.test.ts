import { randomBytes } from "node:crypto";
import { DockerCluster } from "../support/docker-cluster";
import { dockerEvent } from "../support/docker-events";
import { freePorts } from "../support/free-ports";
import { untilGone } from "../support/killable-run";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

/** `pulumi` is killed while Docker creates or removes something. The next run succeeds without manual repair. */
jest.setTimeout(900_000);

const NAME = `tkill${randomBytes(2).toString("hex")}`;
const service = (port: number): string =>
  `new PgService("audit", { cluster, port: ${port}, destination: "postgres" });`;
const program = (more: string[] = []): string => `
  import { PgService, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, members: 1, tuning: "tiny", deletionProtection: false });
  ${more.join("\n")}
  export const status = cluster.status;
`;

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
});
afterAll(async () => {
  // A failed test may leave a lock behind.
  await project?.cancel().catch(() => undefined);
  await project?.remove();
});

/** How often a run is killed at random: PGHARBOR_KILLS=10 npx jest test/docker/killed-run. */
const KILLS = Number(process.env.PGHARBOR_KILLS ?? 0);

/** Kills a run at a Docker event, waits until all its processes have ended, and removes the lock. */
async function killedAt(command: "up" | "destroy", isWanted: (event: string) => boolean): Promise<string> {
  const run = project.start(command);
  const event = await dockerEvent(cluster.docker, isWanted, run.ended, run.output);
  // Pulumi's own plugins must end, too, when the run is killed before any resource of pgharbor's exists.
  expect(await untilGone(await run.kill(), 30)).toEqual([]);
  await project.cancel();
  return event;
}
const at = (event: string) => (one: string) => one === event;

test("killed while a network, the first or a later container is being made, the next run makes it", async () => {
  await killedAt("up", at(`network create ${NAME}`));
  await killedAt("up", at(`container create ${NAME}-etcd-1`));
  await killedAt("up", at(`container create ${NAME}-m1`));
  await project.up();
  expect(await project.outputs()).toEqual({ status: "ACTIVE" });
  await project.expectNoChanges();
  await project.refresh("--clear-pending-creates");
  expect(JSON.parse(await project.export())).not.toHaveProperty("deployment.pending_operations.0");
});

test("objects that a killed run has created and no state has are deleted with the cluster", async () => {
  await project.write(program([service((await freePorts(1))[0])]));
  await killedAt("up", at(`volume create ${NAME}-audit-sockets`));
  await killedAt("up", at(`container create ${NAME}-audit-haproxy`));
  expect(await cluster.remains()).toContain(`container /${NAME}-audit-haproxy`);
  await killedAt("destroy", at(`container destroy ${NAME}-m1`));
  await project.destroy();
  expect(await cluster.remains()).toEqual([]);
});

(KILLS > 0 ? test : test.skip)(`killed ${KILLS} times at random events of Docker, the next run makes it`, async () => {
  const added = service((await freePorts(1))[0]);
  for (let i = 1; i <= KILLS; i++) {
    await project.write(program(Math.random() < 0.5 ? [added] : []));
    let wait = 1 + Math.floor(Math.random() * 12);
    const isWanted = (event: string) => event.includes(NAME) && !event.includes(" exec_") && --wait === 0;
    // A run with fewer events ends normally.
    const killed = await killedAt("up", isWanted).catch((error: Error) => {
      if (!error.message.startsWith("it ended before") || error.message.includes(" error: ")) throw error;
      return "it ended before";
    });
    process.stderr.write(`kill ${i}: ${killed}\n`);
  }
  await project.write(program([added]));
  await project.up();
  await project.expectNoChanges();
  await project.destroy();
  expect(await cluster.remains()).toEqual([]);
});
