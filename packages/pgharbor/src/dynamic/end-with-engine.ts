import { connect } from "node:net";

/** Between two attempts to connect, where the engine has closed a connection that says nothing. */
const PAUSE_MS = 1000;

/**
 * Ends this process when Pulumi's engine is gone. The host of dynamic resources serves until it is killed, so one whose engine was
 * killed would go on with what it does, beside the next run. An open connection tells at once.
 */
export function endWithEngine(argv: readonly string[] = process.argv, end = () => process.exit(0)): void {
  const [, script = "", engine = ""] = argv;
  const address = /^(.+):(\d+)$/.exec(engine);
  if (address === null || !/[\\/]dynamic-provider([\\/]index(\.js)?)?$/.test(script)) return;
  watch({ host: address[1]!, port: Number(address[2]) }, end);
}

function watch(engine: { host: string; port: number }, end: () => void): void {
  const socket = connect(engine);
  let refused = false;
  socket.on("error", (error: NodeJS.ErrnoException) => (refused = error.code === "ECONNREFUSED"));
  socket.on("close", () => {
    if (refused) end();
    else setTimeout(() => watch(engine, end), PAUSE_MS).unref();
  });
  // What is received is of no interest; unread, it would hide the end.
  socket.resume();
  socket.unref();
}
