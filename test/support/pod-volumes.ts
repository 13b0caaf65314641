import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { execIn, putFiles } from "../../packages/pgharbor/src/clients/docker/engine";

export interface PodVolumesOptions {
  image: string;
  /** The pod's fsGroup. */
  gid: number;
  /** Folders that are empty volumes of the pod. */
  emptyDirs: string[];
}

const FILES = "/etc/pgharbor/current";

/**
 * The volumes of a container as the kubelet makes them: its files as a mounted Secret, which is updated atomically, and
 * empty folders owned by root and writable by the pod's group.
 */
export class PodVolumes {
  private states = 0;
  private constructor(
    private readonly docker: Docker,
    private readonly options: PodVolumesOptions,
    /** A separate container that runs as root, with all volumes under /v. */
    private readonly kubelet: Docker.Container,
    private readonly names: ReadonlyMap<string, string>,
  ) {}

  static async create(docker: Docker, options: PodVolumesOptions): Promise<PodVolumes> {
    const id = `pgharbor-test-pod-${randomBytes(4).toString("hex")}`;
    const names = new Map([FILES, ...options.emptyDirs].map((path, i) => [path, `${id}-${i}`]));
    const kubelet = await docker.createContainer({
      name: id,
      Image: options.image,
      User: "0",
      Entrypoint: ["sleep", "infinity"],
      Cmd: [],
      Healthcheck: { Test: ["NONE"] },
      HostConfig: { Init: true, Mounts: [...names].map(([path, name]) => mount(name, `/v${path}`, false)) },
    });
    await kubelet.start();
    const volumes = new PodVolumes(docker, options, kubelet, names);
    const folders = options.emptyDirs.map((path) => `/v${path}`).join(" ");
    if (folders) await volumes.asRoot(`chgrp ${options.gid} ${folders} && chmod 2770 ${folders}`);
    return volumes;
  }

  /** The volumes of the container; the files are read-only. */
  mounts(): Docker.MountSettings[] {
    return [...this.names].map(([path, name]) => mount(name, path, path === FILES));
  }

  /** Updates the Secret: creates a new folder and moves the link `..data` to it. */
  async write(files: Record<string, string>): Promise<void> {
    const state = `..2026_11_21_${(this.states += 1)}`;
    const entries = Object.entries(files).map(([path, content]) => ({ path, content, mode: 0o440 }));
    const target = { folder: `/v${FILES}`, under: state, uid: 0, gid: this.options.gid };
    await putFiles(this.docker, this.kubelet.id, target, entries);
    await this.asRoot(`
      cd /v${FILES}
      old=$(readlink ..data || true)
      ln -s ${state} ..data_tmp && mv -T ..data_tmp ..data
      for file in $(ls -A ${state}); do ln -sfn "..data/$file" "$file"; done
      [ -z "$old" ] || rm -r "$old"`);
  }

  async remove(): Promise<void> {
    await this.kubelet.remove({ force: true, v: true });
    await Promise.all([...this.names.values()].map((name) => this.docker.getVolume(name).remove({ force: true })));
  }

  private async asRoot(script: string): Promise<void> {
    const { code, stderr } = await execIn(this.docker, this.kubelet.id, ["sh", "-euc", script]);
    if (code !== 0) throw new Error(`the pod's volumes: ${stderr}`);
  }
}

/** Without a copy of the image's files, because an emptyDir volume starts empty. */
const mount = (name: string, path: string, readOnly: boolean): Docker.MountSettings => ({
  Type: "volume",
  Source: name,
  Target: path,
  ReadOnly: readOnly,
  VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: "", Options: {} } },
});
