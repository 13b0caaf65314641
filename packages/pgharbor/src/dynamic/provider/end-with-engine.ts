import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import * as path from "node:path";

/** Between two attempts to connect, where the engine has closed a connection that says nothing. */
const PAUSE_MS = 1000;

/**
 * Ends this process when Pulumi's engine is gone. The host of dynamic resources serves until it is killed, so one whose engine was
 * killed would go on with what it does, beside the next run. An open connection tells at once. Plugins of the same engine go with it:
 * those made with Pulumi's bridge outlive their engine for good, in the middle of what they do.
 */
export function endWithEngine(argv: readonly string[] = process.argv, end = () => process.exit(0)): void {
  const [, script = "", engine = ""] = argv;
  const [, host, port] = /^(.+):(\d+)$/.exec(engine) ?? [];
  if (host === undefined || !/[\\/]dynamic-provider([\\/]index(\.js)?)?$/.test(script)) return;
  watch({ host, port: Number(port) }, () => {
    endPluginsOf(engine);
    end();
  });
}

/** Where processes can be listed: on Linux. A plugin's first argument is the address of its engine. */
function endPluginsOf(engine: string): void {
  for (const pid of processes()) {
    const command = commandOf(pid);
    // A script has its shell before it.
    const isPlugin = [0, 1].some(
      (i) => path.basename(command[i] ?? "").startsWith("pulumi-resource-") && command[i + 1] === engine,
    );
    if (isPlugin && pid !== process.ppid) kill(pid);
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, or is somebody else's.
  }
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
