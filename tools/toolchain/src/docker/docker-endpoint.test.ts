import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerHosts, findDocker } from "./docker-endpoint";

test("DOCKER_HOST overrules every default", () => {
  expect(dockerHosts({ DOCKER_HOST: "tcp://elsewhere:2376", XDG_RUNTIME_DIR: "/run/user/1" }, "/home/x")).toEqual([
    "tcp://elsewhere:2376",
  ]);
});

test("the system's engine comes before a person's own", () => {
  expect(dockerHosts({ XDG_RUNTIME_DIR: "/run/user/1" }, "/home/x")).toEqual([
    "unix:///var/run/docker.sock",
    "unix:///home/x/.docker/run/docker.sock",
    "unix:///run/user/1/docker.sock",
    "unix:///home/x/.colima/default/docker.sock",
  ]);
});

describe("with a socket", () => {
  const folder = mkdtempSync(join(tmpdir(), "pgharbor-docker-"));
  const socket = join(folder, "docker.sock");
  const server = createServer((_, answer) => answer.end(JSON.stringify({ Version: "99.1" })));
  beforeAll(() => new Promise<void>((resolve) => server.listen(socket, resolve)));
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test("the first that answers is taken", async () => {
    const found = await findDocker([`unix://${folder}/none.sock`, `unix://${socket}`]);
    expect(found).toMatchObject({ host: `unix://${socket}`, version: "99.1" });
  });

  test("where none answers, each says why", async () => {
    expect(await findDocker([`unix://${folder}/none.sock`])).toEqual([
      { host: `unix://${folder}/none.sock`, code: "ENOENT", message: expect.stringContaining("ENOENT") as string },
    ]);
  });
});
