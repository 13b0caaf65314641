import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterFolders, clusterFolders } from "../cluster-folders";
import { mustBeAlive, pidOf, startProcess, stopProcess } from "./processes";

let folders: ClusterFolders;

beforeEach(async () => {
  folders = clusterFolders(await mkdtemp(join(tmpdir(), "pgharbor-processes-")));
});

afterEach(async () => {
  await stopProcess(folders, "etcd", "SIGKILL");
  await rm(folders.root, { recursive: true });
});

const script = (text: string) => ({ program: process.execPath, args: ["-e", text] });

test("a process runs until it is stopped, with a log of its own", async () => {
  await startProcess(folders, "etcd", script("console.log('here'); setInterval(() => {}, 1000)"));
  expect(pidOf(folders, "etcd")).toBeGreaterThan(0);
  await mustBeAlive(folders, "etcd");
  await stopProcess(folders, "etcd");
  expect(pidOf(folders, "etcd")).toBeUndefined();
  await stopProcess(folders, "etcd");
});

test("the last words of one that ended are the error", async () => {
  await startProcess(folders, "etcd", script("console.error('no such disk'); process.exit(1)"));
  const deadline = Date.now() + 10_000;
  while (pidOf(folders, "etcd") !== undefined && Date.now() < deadline) await new Promise((go) => setTimeout(go, 50));
  await expect(mustBeAlive(folders, "etcd")).rejects.toThrow("no such disk");
});

test("a process id that is somebody else's by now is not ours to kill", async () => {
  await startProcess(folders, "etcd", script("setInterval(() => {}, 1000)"));
  const file = join(folders.records, "etcd.process.json");
  const record = JSON.parse(await readFile(file, "utf8")) as { pid: number; startTime: string };
  await writeFile(file, JSON.stringify({ ...record, pid: process.pid }));
  expect(pidOf(folders, "etcd")).toBeUndefined();
  await stopProcess(folders, "etcd");
  process.kill(record.pid, "SIGKILL");
});
