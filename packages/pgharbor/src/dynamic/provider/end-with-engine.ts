import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import * as path from "node:path";

/** The pause before a new connection, after the engine has closed an idle one. */
const PAUSE_MS = 1000;

/**
 * Ends this process when Pulumi's engine is gone, which an open connection shows at once. The host of dynamic resources
 * serves until it is killed, so without an engine it would continue to work beside the next run. Plugins of the same
 * engine are killed, too: those built with Pulumi's bridge outlive their engine and continue to work.
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

/**
 * Works only on Linux, where processes can be listed. The first argument of a plugin is the address of the plugin's
 * engine.
 */
function endPluginsOf(engine: string): void {
  for (const pid of processes()) {
    const command = commandOf(pid);
    // A script's command line begins with its shell.
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
    // The process has ended or belongs to another user.
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
  // Received data is discarded. Unread data would hide the end of the connection.
  socket.resume();
  socket.unref();
}
