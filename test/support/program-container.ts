import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { ensureDocker, ensureImages } from "@pgharbor/toolchain";
import { execIn, putFiles, type ExecResult } from "../../packages/pgharbor/src/clients/docker/engine";

export interface ProgramFiles {
  /** By path. */
  files: Record<string, string>;
  uid: number;
  gid: number;
}

export type ProgramImage = "gateway" | "etcd" | `postgres ${string}`;

/**
 * A container of one of the project's images without a running program. Tests put files into it, and programs check
 * them.
 */
export class ProgramContainer {
  private constructor(
    private readonly docker: Docker,
    private readonly container: Docker.Container,
  ) {}

  /** `hosts` are names that resolve to the container, because some checks resolve names. */
  static async of(image: ProgramImage, hosts: string[] = []): Promise<ProgramContainer> {
    const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const docker = (await ensureDocker(progress)).client;
    const major = image.split(" ")[1];
    const tags = await ensureImages(docker, { pgMajors: major === undefined ? [] : [major] }, progress);
    const container = await docker.createContainer({
      name: `pgharbor-test-program-${randomBytes(4).toString("hex")}`,
      Image: image === "gateway" ? tags.gateway : image === "etcd" ? tags.etcd : tags.postgres[major],
      Entrypoint: ["sleep", "infinity"],
      Cmd: [],
      Healthcheck: { Test: ["NONE"] },
      HostConfig: { Init: true, ExtraHosts: hosts.map((host) => `${host}:127.0.0.1`) },
    });
    await container.start();
    return new ProgramContainer(docker, container);
  }

  /** Writes files under /etc/pgharbor/revisions. @returns their folder */
  async put(revision: string, { files, uid, gid }: ProgramFiles): Promise<string> {
    const entries = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o600 }));
    const folder = "/etc/pgharbor/revisions";
    await putFiles(this.docker, this.container.id, { folder, under: revision, uid, gid }, entries);
    return `${folder}/${revision}`;
  }

  /** The address for this machine and other containers. */
  async address(): Promise<string> {
    return Object.values((await this.container.inspect()).NetworkSettings.Networks)[0].IPAddress;
  }

  exec(...command: string[]): Promise<ExecResult> {
    return execIn(this.docker, this.container.id, command);
  }

  /** Runs `pgharbor-apply`'s check of a revision. */
  check(program: string, folder: string): Promise<ExecResult> {
    const libraries = "set -eu; . /usr/local/lib/pgharbor/common.sh; . /usr/local/lib/pgharbor/program.sh";
    return this.exec("sh", "-c", `${libraries}; check_${program} "$0"`, folder);
  }

  async remove(): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}
