import { spawn } from "node:child_process";

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** The count of each operation, by the engine's word for it. */
export type Summary = { readonly [what in "created" | "updated" | "replaced" | "deleted" | "unchanged"]?: number };

/** A failed CLI command. The message contains the whole output. */
export class PulumiFailure extends Error {
  constructor(
    readonly args: readonly string[],
    readonly code: number,
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(`pulumi ${args.join(" ")} ended with ${code}\n${errorsOf(stdout)}\n${stdout}\n${stderr}`);
    this.name = "PulumiFailure";
  }
}

/** Comes first, because jest or a log may cut the end of a message. */
const errorsOf = (stdout: string): string =>
  [...new Set(stdout.split("\n").filter((line) => /\berror:/.test(line)))].slice(0, 10).join("\n");

export function runPulumi(
  binary: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; input?: string },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new PulumiFailure(args, code ?? -1, output.stdout, output.stderr));
    });
  });
}

/** Parses the last `Resources:` block that the CLI printed. */
export function summaryOf(stdout: string): Summary {
  const block = stdout.slice(stdout.lastIndexOf("Resources:"));
  const counts = [...block.matchAll(/(\d+) (created|updated|replaced|deleted|unchanged)\b/g)];
  return Object.fromEntries(counts.map(([, count, what]) => [what, Number(count)]));
}
