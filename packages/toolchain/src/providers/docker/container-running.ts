import type Docker from "dockerode";
import type { Properties } from "../protocol/values";

const POLL_MS = 250;
const LOG_LINES = 20;

/** `wait: true`: the update goes on when the health check of the container (or its image) passes. */
export async function awaitHealthy(container: Docker.Container, timeoutSeconds: number): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const { State: state } = await container.inspect();
    if (!state.Health) throw new Error("`wait` needs a health check, and neither the container nor its image has one");
    if (state.Health.Status === "healthy") return;
    if (!state.Running && !state.Restarting)
      throw new Error(`exited with code ${state.ExitCode} before it was healthy`);
    if (Date.now() > deadline) throw new Error(`not healthy within ${timeoutSeconds} s (waitTimeout)`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `mustRun`, the default: one that is gone right after its start is a failure. */
export async function requireRunning(container: Docker.Container): Promise<void> {
  const { State: state } = await container.inspect();
  if (state.Running || state.Restarting) return;
  throw new Error(
    `exited immediately with code ${state.ExitCode}; for one that is meant to end set \`mustRun: false\``,
  );
}

/** `attach: true`: waits for the end, and with `logs` returns what was printed. */
export async function awaitExit(container: Docker.Container, withLogs: boolean): Promise<Properties> {
  await container.wait();
  return withLogs ? { containerLogs: await logs(container) } : {};
}

/** The last words of a container that would not start, for the error. */
export async function logTail(container: Docker.Container): Promise<string> {
  const text = await logs(container, LOG_LINES).catch(() => "");
  return text.trim() ? `\nIts last output:\n${text.trimEnd()}` : "";
}

async function logs(container: Docker.Container, tail?: number): Promise<string> {
  const raw = await container.logs({ stdout: true, stderr: true, follow: false, tail });
  const { Config: config } = await container.inspect();
  return config.Tty ? raw.toString("utf8") : unframed(raw);
}

/** Without a terminal each piece carries 8 bytes in front: the stream it is from and its length. */
function unframed(raw: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    pieces.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString("utf8");
}
