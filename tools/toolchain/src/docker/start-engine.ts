import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, mustRun } from "@pgharbor/build-cache";

/**
 * Starts an installed engine. Uses systemd if it runs. Elsewhere (a container, a minimal machine) dockerd is started as
 * a session leader, so that it outlives this command.
 * @returns the path of the engine's log
 */
export async function startEngine(): Promise<string> {
  if (existsSync("/run/systemd/system")) {
    await mustRun("starting the Docker engine", "systemctl", ["start", "docker"]);
    return "journalctl -u docker";
  }
  const log = join(cacheFolder(), "dockerd.log");
  mkdirSync(cacheFolder(), { recursive: true });
  const output = openSync(log, "a");
  const engine = spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output], cwd: "/" });
  await new Promise<void>((resolve, reject) => {
    engine.once("spawn", resolve);
    engine.once("error", reject);
  });
  engine.unref();
  return log;
}
