import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { endWithEngine } from "./end-with-engine";

const SCRIPT = "/x/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js";
let server: Server;
const listening = (): Promise<string> =>
  new Promise((resolve) => {
    server = createServer((socket) => socket.on("error", () => undefined));
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as { port: number }).port}`));
  });
const accepted = (): Promise<{ destroy(): void }> => new Promise((resolve) => server.once("connection", resolve));

test("the process of dynamic resources ends when the engine's address stops listening", async () => {
  const engine = await listening();
  const first = accepted();
  const ended = new Promise<void>((resolve) => endWithEngine(["node", SCRIPT, engine], resolve as () => never));
  // An engine that closes a silent connection is still there.
  const again = first.then((socket) => (socket.destroy(), accepted()));
  const second = await again;
  server.close();
  second.destroy();
  await ended;
});

test("plugins of the same engine end, too, and those of another continue", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plugins-"));
  const script = path.join(folder, "pulumi-resource-fake");
  writeFileSync(script, "#!/bin/sh\necho up\nread -r line\n", { mode: 0o755 });
  const start = async (engine: string) => {
    const child = spawn(script, [engine], { stdio: ["pipe", "pipe", "ignore"] });
    const exited = new Promise<string>((resolve) =>
      child.once("exit", (code, signal) => resolve(signal ?? String(code))),
    );
    await new Promise((resolve) => child.stdout.once("data", resolve));
    return { child, exited };
  };
  const engine = await listening();
  const [own, other] = await Promise.all([start(engine), start("127.0.0.1:1")]);
  const connected = accepted();
  const ended = new Promise<void>((resolve) => endWithEngine(["node", SCRIPT, engine], resolve as () => never));
  const socket = await connected;
  server.close();
  socket.destroy();
  await ended;
  expect(await own.exited).toBe("SIGKILL");
  expect(other.child.exitCode ?? other.child.signalCode).toBeNull();
  other.child.stdin.end("\n");
  expect(await other.exited).toBe("0");
  rmSync(folder, { recursive: true });
});

test("other processes, such as programs and tests, continue", async () => {
  const engine = await listening();
  const end = jest.fn();
  endWithEngine(["node", "/x/node_modules/@pulumi/pulumi/cmd/run/index.js", engine], end as never);
  endWithEngine(["node", SCRIPT], end as never);
  const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  expect([connections, end.mock.calls]).toEqual([0, []]);
  server.close();
});
