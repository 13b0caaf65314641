import type Docker from "dockerode";
import { ensureDocker } from "@pgharbor/toolchain";
import { execIn } from "../../packages/pgharbor/src/clients/docker/engine";

/** Queries about the containers of one cluster. They are found by labels only, never by names. */
export class DockerCluster {
  private constructor(
    readonly docker: Docker,
    readonly name: string,
  ) {}

  static async named(name: string): Promise<DockerCluster> {
    const { client } = await ensureDocker((line) => process.stderr.write(`docker: ${line}\n`));
    return new DockerCluster(client, name);
  }

  private filters = () => ({ label: [`pgharbor.cluster=${this.name}`] });

  /** Whole `docker inspect` documents, by container name. */
  async inspectAll(): Promise<Map<string, Docker.ContainerInspectInfo>> {
    const listed = await this.docker.listContainers({ all: true, filters: this.filters() });
    const infos = await Promise.all(listed.map((c) => this.docker.getContainer(c.Id).inspect()));
    return new Map(infos.map((info) => [info.Name.slice(1), info]));
  }

  /** Changes only when a container is replaced or restarted. */
  async lives(): Promise<Record<string, string>> {
    const all = await this.inspectAll();
    return Object.fromEntries(
      [...all].map(([name, info]) => [name, `${info.Id.slice(0, 12)} ${info.State.StartedAt}`]),
    );
  }

  /** Returns one container's log, `since` a time in seconds. */
  async log(container: string, since?: number): Promise<string> {
    const text = await this.docker.getContainer(container).logs({ stdout: true, stderr: true, since, follow: false });
    return text.toString("utf8");
  }

  async logs(): Promise<string> {
    const names = [...(await this.inspectAll()).keys()];
    return (await Promise.all(names.map((name) => this.log(name)))).join("\n");
  }

  /** Runs a program in a container. A failure throws the program's output. */
  async exec(container: string, ...command: string[]): Promise<string> {
    const result = await execIn(this.docker, container, command);
    if (result.code !== 0) throw new Error(`${container}: ${command.join(" ")}: ${result.stderr || result.stdout}`);
    return result.stdout;
  }

  /** Runs SQL in a member, as its superuser. @returns the rows, a line each */
  async psql(member: string, sql: string): Promise<string> {
    return (await this.exec(member, "psql", "--no-psqlrc", "-XAtq", "-d", "postgres", "-c", sql)).trim();
  }

  /** Waits until a container's own health check passes. */
  async untilHealthy(container: string, seconds = 120): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { State } = await this.docker.getContainer(container).inspect();
      if (State.Health?.Status === "healthy") return;
      if (Date.now() > deadline)
        throw new Error(`${container} is ${State.Health?.Status ?? State.Status} after ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** The members as Patroni sees them. */
  async members(): Promise<PatroniMember[]> {
    const all = await this.inspectAll();
    const running = [...all].find(
      ([, info]) => info.Config.Labels["pgharbor.role"] === "member" && info.State.Running && !info.State.Paused,
    );
    return JSON.parse(await this.exec(running![0], "patronictl", "list", "-f", "json")) as PatroniMember[];
  }

  async leader(): Promise<string> {
    const leader = (await this.members()).find((m) => m.Role === "Leader");
    if (leader === undefined) throw new Error(`${this.name} has no leader`);
    return leader.Host;
  }

  /** Containers, volumes and networks that carry the cluster's label. */
  async remains(): Promise<string[]> {
    const filters = this.filters();
    const [containers, volumes, networks] = await Promise.all([
      this.docker.listContainers({ all: true, filters }),
      this.docker.listVolumes({ filters }),
      this.docker.listNetworks({ filters }),
    ]);
    return [
      ...containers.map((c) => `container ${c.Names[0]}`),
      ...(volumes.Volumes ?? []).map((v) => `volume ${v.Name}`),
      ...networks.map((n) => `network ${n.Name}`),
    ];
  }
}

export interface PatroniMember {
  Member: string;
  Host: string;
  Role: string;
  State: string;
  /** Missing while the member's Postgres is down. */
  TL?: number;
  "Pending restart"?: string;
}

/** Returns the newest timeline of any member. Each promotion begins a new one. */
export function newestTimeline(members: PatroniMember[]): number {
  const timelines = members.flatMap(({ TL }) => (TL === undefined ? [] : [TL]));
  if (timelines.length === 0) throw new Error(`no member names its timeline: ${JSON.stringify(members)}`);
  return Math.max(...timelines);
}
