import * as path from "node:path";
import { withClient } from "../support/connect";
import { holdDefaultPorts } from "../support/default-ports";
import { DockerCluster } from "../support/docker-cluster";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_800_000);

let endTurn: (() => Promise<void>) | undefined;
beforeAll(async () => {
  endTurn = await holdDefaultPorts();
});
afterAll(() => endTurn?.());

const example = (name: string) => ({ dir: path.resolve(__dirname, "../../examples", name) });

test("services: members with roles, and two services of one's own", async () => {
  await withPulumiProject(example("services"), async (project) => {
    await project.up();
    await project.expectNoChanges();
    await project.refresh();
    await project.expectNoChanges();
    const cluster = await DockerCluster.named("books");
    const states = Object.fromEntries((await cluster.members()).map((m) => [m.Member, m.State]));
    expect(Object.keys(states).sort()).toEqual(["m1", "m2", "m3", "m4"]);
    const behind = await cluster.exec("books-m4", "psql", "-XAtc", "show recovery_min_apply_delay");
    expect(behind.trim()).toBe("1h");
    await project.destroy();
    expect(await cluster.remains()).toEqual([]);
  });
});

test("access: many users as one resource, and the role templates hold", async () => {
  await withPulumiProject(example("access"), async (project) => {
    await project.up();
    await project.expectNoChanges();
    const { passwords } = await project.outputs<{ passwords: Record<string, string> }>();
    expect(Object.keys(passwords).sort()).toEqual(["ada", "edsger", "grace"]);
    const state = await project.resources();
    const cluster = state.find((r) => r.type === "pgharbor:index:PostgresCluster")!.outputs as {
      services: { name: string; port: number }[];
      caCertificate: string;
    };
    const port = cluster.services.find((s) => s.name === "primary")!.port;
    await withClient(
      `postgresql://ada:${passwords.ada}@127.0.0.1:${port}/app`,
      cluster.caCertificate,
      async (client) => {
        await expect(client.query("create table mine (id int)")).rejects.toThrow(/permission denied/);
        expect((await client.query("select current_user as me")).rows).toEqual([{ me: "ada" }]);
      },
    );
    await project.destroy();
    expect(await (await DockerCluster.named("team")).remains()).toEqual([]);
  });
});
