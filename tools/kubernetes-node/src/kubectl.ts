import { spawn } from "node:child_process";
import type { Kubernetes } from "./kubernetes";

/** Runs kubectl on a cluster. A failure throws kubectl's output. */
export function kubectl(
  kubernetes: Pick<Kubernetes, "kubeconfig" | "context">,
  args: readonly string[],
  input?: string | Buffer,
): Promise<string> {
  const all = ["--context", kubernetes.context, ...args];
  // In the environment, because KUBECONFIG may be a list of files.
  return run("kubectl", all, input, { ...process.env, KUBECONFIG: kubernetes.kubeconfig });
}

/** Runs a program with a text on stdin. */
export function run(
  program: string,
  args: readonly string[],
  input: string | Buffer | NodeJS.ReadableStream = "",
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: ["pipe", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    // A program that ends early closes the pipe; its exit code reports the failure.
    child.stdin.on("error", () => undefined);
    if (typeof input === "string" || Buffer.isBuffer(input)) child.stdin.end(input);
    else {
      input.on("error", (error: Error) => child.stdin.destroy(error));
      input.pipe(child.stdin);
    }
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) return resolve(output.stdout);
      const message = (output.stderr || output.stdout).trim();
      reject(new Error(`\`${program} ${args.join(" ")}\` ended with ${code}: ${message}`));
    });
  });
}
