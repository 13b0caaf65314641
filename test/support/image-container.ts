import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import {
  type ContainerFile,
  execIn,
  putFiles,
  type ExecResult,
} from "../../packages/pgharbor/src/clients/docker/engine";
import { pack } from "tar-stream";
import { ensureDocker, ensureImages } from "@pgharbor/toolchain";
import { eventually } from "./eventually";
import { PodVolumes } from "./pod-volumes";

export interface ImageContainerOptions {
  image: "gateway" | "etcd" | "postgres";
  program: string;
  /** The PostgreSQL major in the image. */
  major?: string;
  /** The program's environment. */
  env?: string[];
  /** A host name that resolves to the container. */
  hostname?: string;
  /** Shares the network of this container, as the containers of a pod do. */
  network?: ImageContainer;
  /** As in a pod: a read-only root file system, no privileges, and these folders as volumes. */
  emptyDirs?: string[];
  /** The files that a pod mounts from the start. */
  files?: Record<string, string>;
}

const IDS = { gateway: [103, 105], etcd: [104, 106], postgres: [102, 104] } as const;
const POD = {
  ReadonlyRootfs: true,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges"],
} as const;

/**
 * For `until` after a start: the program of this start runs. Files that its health check reads may be from the earlier
 * start.
 */
export const RUNS = 'kill -0 "$(cat /run/pgharbor/program.pid)"';

/**
 * A container of one of the project's images, started as a platform does: with its own entrypoint, which waits for the
 * files.
 */
export class ImageContainer {
  private constructor(
    private readonly docker: Docker,
    private readonly container: Docker.Container,
    private readonly image: ImageContainerOptions["image"],
    private readonly volumes?: PodVolumes,
  ) {}

  static async start(options: ImageContainerOptions): Promise<ImageContainer> {
    const { image, program, major = "17", emptyDirs } = options;
    const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const docker = (await ensureDocker(progress)).client;
    const tags = await ensureImages(docker, { pgMajors: [major] }, progress);
    const tag = image === "postgres" ? tags.postgres[major] : tags[image];
    const volumes = emptyDirs && (await PodVolumes.create(docker, { image: tag, gid: IDS[image][1], emptyDirs }));
    if (options.files) await volumes?.write(options.files);
    const container = await docker.createContainer({
      name: `pgharbor-test-image-${randomBytes(4).toString("hex")}`,
      Image: tag,
      Cmd: program.split(" "),
      Env: options.env,
      Hostname: options.hostname,
      HostConfig: {
        ...(options.network && { NetworkMode: `container:${options.network.container.id}` }),
        ...(volumes && {
          ...POD,
          CapDrop: [...POD.CapDrop],
          SecurityOpt: [...POD.SecurityOpt],
          Mounts: volumes.mounts(),
        }),
      },
    });
    await container.start();
    return new ImageContainer(docker, container, image, volumes);
  }

  /** Changes the mounted files of a pod without notifying the program. */
  async mount(files: Record<string, string>): Promise<void> {
    if (!this.volumes) throw new Error("this container is not as in a pod");
    await this.volumes.write(files);
  }

  /** Runs the program's check of a set of files. */
  async check(files: Record<string, string>): Promise<ExecResult> {
    const archive = pack();
    for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o440 }, content);
    archive.finalize();
    const stdin = await text(archive);
    return execIn(this.docker, this.container.id, ["pgharbor-apply", "--check"], { stdin });
  }

  /** Writes a revision and applies it, as a platform does. */
  async apply(revision: string, files: Record<string, string>): Promise<ExecResult> {
    const [uid, gid] = IDS[this.image];
    const entries: ContainerFile[] = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o600 }));
    const target = { folder: "/etc/pgharbor/revisions", under: revision, uid, gid };
    await putFiles(this.docker, this.container.id, target, entries);
    return this.exec("pgharbor-apply", revision);
  }

  /** Writes a file as the container's user. */
  async feed(path: string, content: string): Promise<void> {
    const { code, stderr } = await execIn(this.docker, this.container.id, ["sh", "-c", 'cat >"$0"', path], {
      stdin: content,
    });
    if (code !== 0) throw new Error(`${path}: ${stderr}`);
  }

  exec(...command: string[]): Promise<ExecResult> {
    return execIn(this.docker, this.container.id, command);
  }

  /** Returns the output of a command that must succeed, without the last newline. */
  async read(...command: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.exec(...command);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit code ${code}: ${stderr}`);
    return stdout.trimEnd();
  }

  /**
   * Polls a shell command until it succeeds. A command that cannot run counts as failed, because the container may just
   * be starting.
   */
  until(script: string, seconds = 20): Promise<void> {
    return eventually(async () => {
      const { code, stdout, stderr } = await this.exec("sh", "-c", script);
      if (code !== 0) throw new Error(`not within ${seconds} s: ${script}\n${stdout}${stderr}`);
    }, seconds);
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

  /** Kills its program, which ends the container, and starts it again as an orchestrator does. */
  async killProgram(): Promise<void> {
    const ended = this.container.wait();
    // The command may end with the container, before the engine can report how it ended.
    await this.exec("sh", "-c", "kill -9 $(cat /run/pgharbor/program.pid)").catch(() => undefined);
    await ended;
    await this.container.start();
  }

  /** @returns the time that the stop took, in milliseconds */
  async restart(): Promise<number> {
    const started = Date.now();
    await this.container.stop({ t: 30 });
    const stopped = Date.now() - started;
    await this.container.start();
    return stopped;
  }

  async remove(): Promise<void> {
    await this.container.remove({ force: true, v: true });
    await this.volumes?.remove();
  }
}
