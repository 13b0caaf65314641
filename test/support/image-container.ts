import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { type ContainerFile, execIn, putFiles, type ExecResult } from "../../packages/pgharbor/src/reach/docker-engine";
import { ensureDocker, ensureImages } from "../../packages/toolchain/src";

export interface ImageContainerOptions {
  image: "gateway" | "etcd" | "postgres";
  program: string;
}

const IDS = { gateway: [103, 105], etcd: [104, 106], postgres: [102, 104] } as const;

/** A container of one of the project's images, started as a platform starts it: its own entrypoint, waiting for its files. */
export class ImageContainer {
  private constructor(
    private readonly docker: Docker,
    private readonly container: Docker.Container,
    private readonly image: ImageContainerOptions["image"],
  ) {}

  static async start({ image, program }: ImageContainerOptions): Promise<ImageContainer> {
    const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const docker = (await ensureDocker(progress)).client;
    const tags = await ensureImages(docker, {}, progress);
    const container = await docker.createContainer({
      name: `pgharbor-test-image-${randomBytes(4).toString("hex")}`,
      Image: image === "postgres" ? tags.postgres["17"] : tags[image],
      Cmd: [program],
    });
    await container.start();
    return new ImageContainer(docker, container, image);
  }

  /** Puts a revision and applies it, as a platform does. */
  async apply(revision: string, files: Record<string, string>): Promise<ExecResult> {
    const [uid, gid] = IDS[this.image];
    const entries: ContainerFile[] = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o600 }));
    const target = { folder: "/etc/pgharbor/revisions", under: revision, uid, gid };
    await putFiles(this.docker, this.container.id, target, entries);
    return this.exec("pgharbor-apply", revision);
  }

  exec(...command: string[]): Promise<ExecResult> {
    return execIn(this.docker, this.container.id, command);
  }

  /** The output of a command that must succeed, without the last newline. */
  async read(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(...command);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit code ${code}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** Polls a shell command until it succeeds. */
  async until(script: string, seconds = 20): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; ; await sleep(200)) {
      const { code, stdout, stderr } = await this.exec("sh", "-c", script);
      if (code === 0) return;
      if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${script}\n${stdout}${stderr}`);
    }
  }

  inspect(): Promise<Docker.ContainerInspectInfo> {
    return this.container.inspect();
  }

  async logs(): Promise<string> {
    return (await this.container.logs({ stdout: true, stderr: true, follow: false })).toString();
  }

  async kill(): Promise<void> {
    await this.container.kill();
    await this.container.start();
  }

  /** @returns how long it took to stop, in milliseconds */
  async restart(): Promise<number> {
    const started = Date.now();
    await this.container.stop({ t: 30 });
    const stopped = Date.now() - started;
    await this.container.start();
    return stopped;
  }

  async remove(): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}
