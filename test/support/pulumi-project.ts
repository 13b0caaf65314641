import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensurePulumi, fileBackend } from "@pgharbor/toolchain";
import { startKillable, type KillableRun } from "./killable-run";
import { runPulumi, summaryOf, type RunResult, type Summary } from "./run-pulumi";

const CHECKOUT = path.resolve(__dirname, "..", "..");
const STACK = "test";

export type ConfigValue = string | { readonly secret: string };

export interface PulumiProjectOptions {
  /** The text of an index.ts. It may import everything that the checkout's packages may. */
  readonly program?: string;
  /** A folder with Pulumi.yaml and index.ts. It is run in place, and nothing is written to it. */
  readonly dir?: string;
  readonly config?: { readonly [key: string]: ConfigValue };
  /** @default "test-<random>"; appears in URNs. Only for `program`. */
  readonly name?: string;
  readonly env?: { readonly [name: string]: string };
  /** Also reports the program's type errors, which takes some seconds per run. @default false */
  readonly typeCheck?: boolean;
}

export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[] | null;
  readonly replaceReasons?: readonly string[] | null;
  readonly detailedDiff?: { readonly [path: string]: { readonly kind: string; readonly inputDiff: boolean } } | null;
}

export interface Preview {
  readonly steps: readonly PreviewStep[];
  readonly changeSummary: { readonly [operation: string]: number };
}

export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: { readonly [name: string]: unknown };
  readonly outputs?: { readonly [name: string]: unknown };
}

export interface UpdateResult extends RunResult {
  /** The engine's counts: `{created: 2, unchanged: 1}`. */
  readonly summary: Summary;
}

/** By default a failed command throws a PulumiFailure with the whole output. */
export interface PulumiProject {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Replaces the program of the next command. */
  write(program: string): Promise<void>;
  setConfig(key: string, value: ConfigValue): Promise<void>;
  up(...flags: string[]): Promise<UpdateResult>;
  preview(...flags: string[]): Promise<UpdateResult>;
  previewJson(...flags: string[]): Promise<Preview>;
  /** Throws with the differences if there are any. */
  expectNoChanges(): Promise<void>;
  refresh(...flags: string[]): Promise<UpdateResult>;
  import(...args: string[]): Promise<RunResult>;
  destroy(...flags: string[]): Promise<UpdateResult>;
  cancel(): Promise<RunResult>;
  /** With secrets in plain text. */
  outputs<T = { [name: string]: unknown }>(): Promise<T>;
  /** The state file as stored on disk: secrets are ciphertext. */
  export(): Promise<string>;
  resources(): Promise<StateResource[]>;
  run(...args: string[]): Promise<RunResult>;
  /** Starts an update that a test will kill. */
  start(command: "up" | "destroy", ...flags: string[]): KillableRun;
  /** Destroys all resources and removes every file of the project. */
  remove(): Promise<void>;
}

/** A project in a separate folder under `.build`, with a separate file backend, run by the real engine. */
export async function pulumiProject(options: PulumiProjectOptions): Promise<PulumiProject> {
  const scratch = path.join(CHECKOUT, ".build", "projects", `${Date.now()}-${randomBytes(4).toString("hex")}`);
  const state = path.join(scratch, "state");
  await fs.mkdir(state, { recursive: true });
  const dir = options.dir ?? path.join(scratch, "program");
  if (options.dir === undefined) await writeProgram(dir, options);
  const install = await ensurePulumi((line) => process.stderr.write(`pulumi: ${line}\n`));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...install.env,
    PULUMI_BACKEND_URL: fileBackend(state),
    PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
    PULUMI_NODEJS_TRANSPILE_ONLY: options.typeCheck ? "false" : "true",
    NO_COLOR: "1",
    ...options.env,
  };
  // A stack's settings would be stored in the program's folder. This keeps an example's folder unchanged.
  const settings = path.join(scratch, `Pulumi.${STACK}.yaml`);
  const run = (args: string[], input?: string) =>
    runPulumi(install.binary, ["--non-interactive", ...args], { cwd: dir, env, input });
  const project = projectOf({ dir, scratch, settings, env, run, binary: install.binary });
  await run(["stack", "init", STACK]);
  for (const [key, value] of Object.entries(options.config ?? {})) await project.setConfig(key, value);
  return project;
}

/** Runs `body` with a project, and always destroys and removes the project. */
export async function withPulumiProject<T>(
  options: PulumiProjectOptions,
  body: (project: PulumiProject) => Promise<T>,
): Promise<T> {
  const project = await pulumiProject(options);
  let result: T;
  try {
    result = await body(project);
  } catch (error) {
    // The first failure is the one worth reading.
    await project.remove().catch((later: Error) => process.stderr.write(`while cleaning up: ${later.message}\n`));
    throw error;
  }
  await project.remove();
  return result;
}

interface ProjectParts {
  readonly dir: string;
  readonly scratch: string;
  readonly settings: string;
  readonly env: NodeJS.ProcessEnv;
  readonly run: (args: string[], input?: string) => Promise<RunResult>;
  readonly binary: string;
}

function projectOf({ dir, scratch, settings, env, run, binary }: ProjectParts): PulumiProject {
  const here = ["--stack", STACK, "--config-file", settings];
  const update = async (command: string, flags: string[]): Promise<UpdateResult> => {
    const result = await run([command, ...here, ...flags]);
    return { ...result, summary: summaryOf(result.stdout) };
  };
  const project: PulumiProject = {
    dir,
    env,
    write: (program) => fs.writeFile(path.join(dir, "index.ts"), program),
    setConfig: async (key, value) => {
      const [text, flag] = typeof value === "string" ? [value, "--plaintext"] : [value.secret, "--secret"];
      // Passed on stdin, because arguments are visible in the process list.
      await run(["config", "set", ...here, flag, "--raw", key], text);
    },
    up: (...flags) => update("up", ["--yes", "--skip-preview", ...flags]),
    preview: (...flags) => update("preview", flags),
    previewJson: async (...flags) =>
      JSON.parse((await run(["preview", ...here, "--json", ...flags])).stdout) as Preview,
    expectNoChanges: async () => void (await run(["preview", ...here, "--diff", "--expect-no-changes"])),
    refresh: (...flags) => update("refresh", ["--yes", "--skip-preview", ...flags]),
    import: (...args) => run(["import", ...here, "--yes", "--skip-preview", "--generate-code=false", ...args]),
    destroy: (...flags) => update("destroy", ["--yes", "--skip-preview", ...flags]),
    cancel: () => run(["cancel", "--yes", STACK]),
    outputs: async <T>() =>
      JSON.parse((await run(["stack", "output", "--stack", STACK, "--json", "--show-secrets"])).stdout) as T,
    export: async () => (await run(["stack", "export", "--stack", STACK])).stdout,
    resources: async () => {
      const state = JSON.parse(await project.export()) as { deployment: { resources?: StateResource[] } };
      return state.deployment.resources ?? [];
    },
    run: (...args) => run(args),
    start: (command, ...flags) =>
      startKillable(binary, ["--non-interactive", command, ...here, "--yes", "--skip-preview", ...flags], {
        cwd: dir,
        env,
      }),
    remove: async () => {
      await project.destroy().catch(async (error: Error) => {
        // Protected resources of a test are its own, so protection is removed and nothing stays on the engine.
        if (!error.message.includes("protect")) throw error;
        await run(["state", "unprotect", "--all", "--yes", "--stack", STACK]);
        await project.destroy();
      });
      await fs.rm(scratch, { recursive: true, force: true });
    },
  };
  return project;
}

async function writeProgram(dir: string, options: PulumiProjectOptions): Promise<void> {
  if (options.program === undefined) throw new Error("pulumiProject: give `program` or `dir`");
  await fs.mkdir(dir, { recursive: true });
  const name = options.name ?? `test-${randomBytes(3).toString("hex")}`;
  await fs.writeFile(path.join(dir, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  await fs.writeFile(path.join(dir, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
  const compilerOptions = {
    module: "CommonJS",
    moduleResolution: "node",
    target: "ES2022",
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
  };
  await fs.writeFile(path.join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  await fs.writeFile(path.join(dir, "index.ts"), options.program);
}
