import { createServer, type Server } from "node:net";
import { endWithEngine } from "./end-with-engine";

const SCRIPT = "/x/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js";
let server: Server;
const listening = (): Promise<string> =>
  new Promise((resolve) => {
    server = createServer((socket) => socket.on("error", () => undefined));
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as { port: number }).port}`));
  });
const accepted = (): Promise<{ destroy(): void }> => new Promise((resolve) => server.once("connection", resolve));

test("the process of dynamic resources ends when nobody listens at the engine's address any more", async () => {
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

test("any other process is left alone: a program, a test", async () => {
  const engine = await listening();
  const end = jest.fn();
  endWithEngine(["node", "/x/node_modules/@pulumi/pulumi/cmd/run/index.js", engine], end as never);
  endWithEngine(["node", SCRIPT], end as never);
  const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  expect([connections, end.mock.calls]).toEqual([0, []]);
  server.close();
});
