import { existsSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { ensureGoModule, type GoModule, goProgramFolder, type GoWorkshop, removeGoCaches } from "./go-module";

/** Chosen because it is newer than any Go on this machine. It writes its arguments and sources to the program's path. */
const FAKE_GO = `#!/bin/sh
[ "$1" = version ] && { echo "go version go99.0.0 linux/amd64"; exit 0; }
mkdir -p "$GOCACHE"
[ -e broken ] && { echo "main.go: does not compile" >&2; exit 1; }
for word; do [ "$last" = -o ] && out=$word; last=$word; done
echo "$@" > "$out/arguments"; cat main.go inner/part.go > "$out/program"
`;

let root: string;
let lines: string[];
let tool: GoModule;
let workshop: GoWorkshop;
const path0 = process.env.PATH;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "pgharbor-go-"));
  lines = [];
  tool = { name: "tool", sources: path.join(root, "source"), packages: { tool: "./tool" }, linkerFlags: "-s -w" };
  workshop = {
    programs: path.join(root, "programs"),
    work: path.join(root, "work"),
    progress: (line) => lines.push(line),
  };
  await fs.mkdir(path.join(root, "bin"));
  await fs.writeFile(path.join(root, "bin", "go"), FAKE_GO, { mode: 0o755 });
  process.env.PATH = `${path.join(root, "bin")}:${path0}`;
  await write("main.go", "main\n");
  await write("inner/part.go", "part\n");
});

afterEach(async () => {
  process.env.PATH = path0;
  await fs.rm(root, { recursive: true });
});

async function write(file: string, text: string): Promise<void> {
  const target = path.join(tool.sources, file);
  await fs.mkdir(path.dirname(target), { recursive: true });
  await fs.writeFile(target, text);
}
const built = async (given = tool) => fs.readFile(path.join(await ensureGoModule(given, workshop), "program"), "utf8");

test("a module is built once, and again when a source or a flag of it changes", async () => {
  expect(await built()).toBe("main\npart\n");
  expect(lines).toEqual([
    "building tool from its Go module (once)",
    expect.stringMatching(/^tool is built \(\d+ s\)$/),
  ]);
  const first = await goProgramFolder(tool, workshop.programs);
  await built();
  expect(lines).toHaveLength(2);
  await write("inner/part.go", "another part\n");
  expect(await built()).toBe("main\nanother part\n");
  const folders = [{ linkerFlags: "-s" }, { tags: "small" }, { packages: { tool: "." } }].map((change) =>
    goProgramFolder({ ...tool, ...change }, workshop.programs),
  );
  const all = [first, await goProgramFolder(tool, workshop.programs), ...(await Promise.all(folders))];
  expect(new Set(all).size).toBe(5);
  // Documentation does not change the program.
  expect(await goProgramFolder({ ...tool, title: "the tool", duration: "an hour" }, workshop.programs)).toBe(all[1]);
});

test("a failed build reports why, leaves no program, and keeps its caches for the next attempt", async () => {
  await write("broken", "");
  await expect(built()).rejects.toThrow(/^building tool failed .*\n.*does not compile$/s);
  expect(existsSync(await goProgramFolder(tool, workshop.programs))).toBe(false);
  expect(await fs.readdir(workshop.work)).toEqual(["go-caches"]);
  await fs.rm(path.join(tool.sources, "broken"));
  await built();
  await removeGoCaches(workshop);
  expect(await fs.readdir(workshop.work)).toEqual([]);
});

test("the sum file is never written, and neither the machine nor its folders are in the program", async () => {
  const folder = await ensureGoModule({ ...tool, tags: "small" }, workshop);
  const words = (await fs.readFile(path.join(folder, "arguments"), "utf8")).trim().split(" ");
  expect(words).toEqual(expect.arrayContaining(["build", "-mod=readonly", "-trimpath", "-tags", "small", "./tool"]));
});
