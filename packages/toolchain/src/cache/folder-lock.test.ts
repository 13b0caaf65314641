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

test("one at a time, and the lock is gone afterwards, also after a failure", async () => {
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
  expect(await fs.readdir(folder)).toEqual([]);
});

test("the lock of a process that died is taken over, by one waiter only", async () => {
  // Above the largest process id that Linux gives out.
  await fs.writeFile(path.join(folder, ".lock"), "4194999");
  let inside = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await pause(20);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withFolderLock(folder, silent, work)));
  expect(await fs.readdir(folder)).toEqual([]);
});

test("who waits long is told for whom", async () => {
  await fs.writeFile(path.join(folder, ".lock"), String(process.ppid));
  const told: string[] = [];
  const done = withFolderLock(
    folder,
    (line) => told.push(line),
    () => Promise.resolve(),
  );
  await pause(2600);
  await fs.rm(path.join(folder, ".lock"));
  await done;
  expect(told).toEqual([expect.stringContaining(`waiting for process ${process.ppid}`)]);
});
