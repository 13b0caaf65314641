import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { withFolderLock } from "./folder-lock";

let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "pgharbor-lock-"));
});

afterEach(() => fs.rm(folder, { recursive: true }));

const silent = () => undefined;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lockFile = () => path.join(folder, ".lock");

/** A process that holds the folder, and reports that in the first line of output. */
async function anotherOwner() {
  const program = `require(${JSON.stringify(path.resolve(__dirname, "folder-lock.ts"))})
    .withFolderLock(${JSON.stringify(folder)}, () => undefined, () => new Promise((done) => (console.log("in"), setTimeout(done, 60000))))`;
  const owner = spawn(process.execPath, ["--import", "tsx", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(owner.stdout, "data");
  return owner;
}

test("one at a time, and the lock is free afterwards, also after a failure", async () => {
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} in`);
    await pause(50);
    events.push(`${name} out`);
    if (name === "a") throw new Error("a failed");
  };
  const results = await Promise.allSettled(["a", "b", "c"].map((name) => withFolderLock(folder, silent, work(name))));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  for (let i = 0; i < events.length; i += 2) expect(events[i + 1]).toBe(events[i]?.replace("in", "out"));
  expect(await fs.readFile(lockFile(), "utf8")).toBe("");
});

test("the lock of a process that was killed is free at once, for one waiter at a time", async () => {
  const owner = await anotherOwner();
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await pause(20);
    inside--;
  };
  const waiting = Promise.all([1, 2, 3].map(() => withFolderLock(folder, silent, work)));
  await pause(200);
  expect(most).toBe(0);
  owner.kill("SIGKILL");
  await waiting;
  expect(most).toBe(1);
});

test("a long wait names the holder of the lock", async () => {
  const owner = await anotherOwner();
  const lines: string[] = [];
  const done = withFolderLock(
    folder,
    (line) => lines.push(line),
    () => Promise.resolve(),
  );
  while (lines.length === 0) await pause(50);
  owner.kill();
  await done;
  expect(lines).toEqual([expect.stringContaining(`waiting for process ${owner.pid}`)]);
});

test("a folder that cannot be locked is named", async () => {
  await fs.symlink(path.join(folder, "missing", "file"), lockFile());
  await expect(withFolderLock(folder, silent, () => Promise.resolve())).rejects.toThrow(
    `${lockFile()} cannot be locked: flock:`,
  );
});
