import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { downloadCli, downloadPlugin, type ReleaseHosts } from "./official-download";

const VERSION = "3.999.0";
const archive = `pulumi-v${VERSION}-${process.platform}-${process.arch}.tar.gz`;
const list = `/pulumi/releases/download/v${VERSION}/pulumi-${VERSION}-checksums.txt`;

let root: string;
let server: Server;
let hosts: ReleaseHosts;
/** Served files, by path. */
let served: Record<string, Buffer | string>;
let asked: string[];
const lines: string[] = [];

beforeAll(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "download-"));
  server = createServer((request, response) => {
    asked.push(request.url!);
    const body = served[request.url!];
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  hosts = { releases: `${url}/sdk`, checksums: url };
});
afterAll(async () => {
  server.close();
  await fs.rm(root, { recursive: true, force: true });
});

let folder: string;
let good: Buffer;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(root, "cache-"));
  await fs.mkdir(path.join(folder, "made", "pulumi"), { recursive: true });
  await fs.writeFile(path.join(folder, "made", "pulumi", "pulumi"), "the CLI");
  good = execFileSync("tar", ["-czf", "-", "-C", path.join(folder, "made"), "pulumi"]);
  await fs.rm(path.join(folder, "made"), { recursive: true });
  const sum = createHash("sha256").update(good).digest("hex");
  served = { [list]: `${"0".repeat(64)}  other.tar.gz\n${sum}  ${archive}\n`, [`/sdk/${archive}`]: good };
  asked = [];
  lines.splice(0);
});
const download = () => downloadCli(folder, VERSION, (line) => lines.push(line), hosts);

test("a release that matches its published checksum is unpacked, and downloaded once", async () => {
  const target = await download();
  expect(await fs.readFile(path.join(target!, "pulumi"), "utf8")).toBe("the CLI");
  expect(await download()).toBe(target);
  expect(asked).toEqual([list, `/sdk/${archive}`]);
});

test("a file with another checksum is one error and is deleted, and the next attempt downloads it again", async () => {
  served[`/sdk/${archive}`] = Buffer.concat([good, Buffer.from("x")]);
  await expect(download()).rejects.toThrow(
    new RegExp(
      `^${archive} is not what was published: its SHA-256 is [0-9a-f]{64}, and should be [0-9a-f]{64}; nothing of it was kept`,
    ),
  );
  expect(await fs.readdir(folder)).toEqual([]);
  served[`/sdk/${archive}`] = good;
  expect(await download()).toBeDefined();
});

test.each([
  ["there is no list", () => delete served[list], "is not to be had (HTTP 404)"],
  ["the list does not name it", () => (served[list] = `${"0".repeat(64)}  other.tar.gz\n`), "does not name it"],
])("what cannot be checked is not used: %s", async (_what, change, why) => {
  change();
  expect(await download()).toBeUndefined();
  expect(lines.at(-1)).toContain(why);
  expect(asked).toEqual([list]);
  expect(await fs.readdir(folder)).toEqual([]);
});

describe("a plugin", () => {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const file = `pulumi-resource-docker-v5.2.0-${process.platform}-${arch}.tar.gz`;
  const sums = "/pulumi-docker/releases/download/v5.2.0/pulumi-docker_5.2.0_checksums.txt";
  const install = (binary: string) =>
    downloadPlugin({ binary, home: folder, name: "docker", version: "5.2.0" }, (line) => lines.push(line), hosts);
  const cli = async (body: string): Promise<string> => {
    const binary = path.join(folder, "pulumi");
    await fs.writeFile(binary, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return binary;
  };

  test("is checked by the CLI against what was published", async () => {
    served[sums] = `${"a".repeat(64)}  ${file}\n`;
    const args = path.join(folder, "args");
    expect(await install(await cli(`echo "$@" > ${args}`))).toBe(true);
    expect(await fs.readFile(args, "utf8")).toBe(
      `plugin install resource docker v5.2.0 --reinstall --checksum ${"a".repeat(64)}\n`,
    );
    await expect(install(await cli(`echo "error: invalid checksum, expected a got b" >&2; exit 255`))).rejects.toThrow(
      `${file} is not what was published: error: invalid checksum, expected a got b`,
    );
    expect(await install(await cli("exit 1"))).toBe(false);
  });

  test("that cannot be checked is not downloaded", async () => {
    expect(await install(await cli("exit 0"))).toBe(false);
    expect(lines.at(-1)).toContain("cannot be checked");
  });
});
