import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, mustRun, type Progress, withFolderLock } from "@pgharbor/build-cache";
import { fileBackend, type PulumiInstall } from "../pulumi";
import { trialEnvironment } from "./trial-environment";

/** How many resources the last `up` created, changed and left unchanged. */
export interface Changes {
  create?: number;
  update?: number;
  delete?: number;
  replace?: number;
  same?: number;
}

export interface StackOptions {
  /** Settings of the stack, by their full names. */
  readonly config?: Readonly<Record<string, string>>;
  readonly env?: NodeJS.ProcessEnv;
}

/** The folder with a stack's state. */
export function stackFolder(name: string): string {
  return join(cacheFolder(), "stacks", name);
}

/**
 * Removes the salt of an earlier passphrase, because Pulumi would refuse the new passphrase. The cache with the earlier
 * one may have been removed.
 */
function forgetSalt(settings: string): void {
  if (!existsSync(settings)) return;
  const kept = readFileSync(settings, "utf8").replace(/^encryptionsalt:.*\n?/m, "");
  if (kept.trim() === "") rmSync(settings);
  else writeFileSync(settings, kept);
}

/** One example's stack. Its state is in a cache folder, and the user's own Pulumi state is neither read nor written. */
export class ExampleStack {
  private readonly state: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    private readonly pulumi: PulumiInstall,
    private readonly program: string,
    private readonly name: string,
    private readonly options: StackOptions = {},
  ) {
    this.state = stackFolder(name);
    mkdirSync(this.state, { recursive: true, mode: 0o700 });
    const passphrase = join(this.state, "passphrase");
    if (!existsSync(passphrase)) {
      writeFileSync(passphrase, randomBytes(24).toString("hex"), { mode: 0o600 });
      forgetSalt(join(program, `Pulumi.${name}.yaml`));
    }
    const ours = {
      ...pulumi.env,
      ...options.env,
      PULUMI_BACKEND_URL: fileBackend(this.state),
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    };
    this.env = trialEnvironment(process.env, ours, { clouds: options.env?.KUBECONFIG !== undefined });
  }

  async up(): Promise<Changes> {
    await this.pulumiCommand(["stack", "select", "--create", this.name]);
    for (const [key, value] of Object.entries(this.options.config ?? {})) {
      await this.pulumiCommand(["config", "set", key, value, "--stack", this.name]);
    }
    await this.unlock();
    await this.visibly(["up", "--yes", "--skip-preview", "--stack", this.name]);
    const history = await this.pulumiCommand(["stack", "history", "--json", "--page-size", "1", "--stack", this.name]);
    return (JSON.parse(history) as { resourceChanges?: Changes }[])[0]?.resourceChanges ?? {};
  }

  async outputs<T>(): Promise<T> {
    return JSON.parse(
      await this.pulumiCommand(["stack", "output", "--json", "--show-secrets", "--stack", this.name]),
    ) as T;
  }

  /** Destroys the stack and removes it. A missing stack counts as destroyed. */
  async destroy(): Promise<void> {
    const stacks = JSON.parse(await this.pulumiCommand(["stack", "ls", "--json"])) as { name: string }[];
    if (stacks.some((stack) => stack.name === this.name)) {
      await this.unlock();
      await this.visibly(["destroy", "--yes", "--skip-preview", "--stack", this.name]);
      await this.pulumiCommand(["stack", "rm", "--yes", this.name]);
    }
    this.forget();
  }

  /** Removes only the state, for a stack whose cluster no longer exists. */
  forget(): void {
    rmSync(this.state, { recursive: true, force: true });
    rmSync(join(this.program, `Pulumi.${this.name}.yaml`), { force: true });
  }

  /** An interrupted update leaves its lock behind. `exclusively` guarantees that no other update runs. */
  private unlock(): Promise<string> {
    return this.pulumiCommand(["cancel", "--yes", this.name]);
  }

  /** Runs `work` while no other command on this machine works with the stack. */
  exclusively<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
    return withFolderLock(join(cacheFolder(), "stacks", `${this.name}-lock`), progress, work);
  }

  private pulumiCommand(args: string[]): Promise<string> {
    const command = [...args, "--non-interactive", "--cwd", this.program];
    return mustRun(`pulumi ${args[0]}`, this.pulumi.binary, command, { env: this.env });
  }

  /** Shows Pulumi's own progress, because this step takes longest. */
  private visibly(args: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const command = [
        ...args,
        "--non-interactive",
        "--suppress-outputs",
        "--suppress-permalink=true",
        "--cwd",
        this.program,
      ];
      const child = spawn(this.pulumi.binary, command, { env: this.env, stdio: ["ignore", 2, 2] });
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`pulumi ${args[0]} failed: its own message is above`)),
      );
    });
  }
}
