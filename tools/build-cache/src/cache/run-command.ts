import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and waits for its end. Missing programs (127) and time-outs (124) are results, too. */
export function runCommand(program: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    let timedOut = false;
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill("SIGKILL");
        }, options.timeoutMs)
      : undefined;
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    const finish = (code: number) => {
      clearTimeout(timer);
      resolve({ code, ...output });
    };
    child.once("error", (error) => {
      output.stderr += error.message;
      finish(127);
    });
    child.once("close", (code, signal) => {
      // A killed program prints no message.
      if (signal && !timedOut) output.stderr += `\nended by ${signal}`;
      finish(timedOut ? 124 : (code ?? 1));
    });
  });
}

/** The same for a step that must succeed: a failure throws the end of the program's output. */
export async function mustRun(what: string, program: string, args: string[], options: CommandOptions = {}) {
  const result = await runCommand(program, args, options);
  if (result.code === 0) return result.stdout;
  const output = (result.stderr || result.stdout).trim().split("\n").slice(-15).join("\n");
  throw new Error(`${what} failed (\`${program} ${args.join(" ")}\`, exit code ${result.code}):\n${output}`);
}
