import { pack } from "tar-stream";
import { names, type HaTimings } from "@pgharbor/core";
import { ensureImages, type ImageTags } from "@pgharbor/toolchain";
import { DockerCluster } from "../docker-cluster";
import { freePorts } from "../free-ports";
import { pulumiProject, type PulumiProject } from "../pulumi-project";
import type { SampledMember } from "../member-sampler";
import type { WritersOptions } from "../writers";

/** What a test may change in the cluster while clients write. */
export interface Changes {
  members?: number;
  postgresImage?: string;
  parameters?: Record<string, string>;
  haTimings?: HaTimings;
}

const SERVICES = ["primary", "replica", "default", "offline"];

interface Outputs {
  uris: { primary: string; default: string };
  caCertificate: string;
}

/** The one cluster for all fault tests. */
export class FaultCluster {
  private changes: Changes = {};
  private readonly ownImage: string;

  private constructor(
    readonly name: string,
    readonly engine: DockerCluster,
    readonly images: ImageTags,
    private readonly project: PulumiProject,
    private readonly program: (changes: Changes) => string,
    private readonly outputs: Outputs,
  ) {
    this.ownImage = `${name}/postgres:relabelled`;
  }

  static async up(name: string, etcdMembers = 1): Promise<FaultCluster> {
    const engine = await DockerCluster.named(name);
    // Built from the current sources, even if the package pins others.
    const images = await ensureImages(engine.docker, {}, (line) => process.stderr.write(`${line}\n`));
    // The ports are fixed, because Docker gives a restarted container other free ports.
    const ports = await freePorts(SERVICES.length);
    const program = (changes: Changes) => programOf({ name, images, ports, etcdMembers }, changes);
    const project = await pulumiProject({ program: program({}) });
    try {
      await project.up();
      return new FaultCluster(name, engine, images, project, program, await project.outputs<Outputs>());
    } catch (error) {
      await project.remove();
      throw error;
    }
  }

  /** Runs `pulumi up` with these changes, added to the earlier ones. */
  async change(changes: Changes): Promise<void> {
    this.changes = { ...this.changes, ...changes };
    await this.project.write(this.program(this.changes));
    await this.project.up();
  }

  /** Returns how a preview of these changes would change the files of each member's container. */
  async previewOfMemberFiles(changes: Changes): Promise<Record<string, string>> {
    await this.project.write(this.program({ ...this.changes, ...changes }));
    const { steps } = await this.project.previewJson();
    const operations = steps.map(({ urn, op }) => [urn.split("::").pop() ?? "", op] as const);
    const isOfMember = (name: string) => new RegExp(`^${this.name}-m\\d+-files$`).test(name);
    return Object.fromEntries(operations.filter(([name]) => isOfMember(name)));
  }

  expectNoChanges = (): Promise<void> => this.project.expectNoChanges();

  async remove(): Promise<void> {
    await this.project.remove();
    const image = this.engine.docker.getImage(this.ownImage);
    await image.remove().catch(() => undefined); // this line does not appear in every run
  }

  connection(): Pick<WritersOptions, "uri" | "direct" | "ca"> {
    const { uris, caCertificate } = this.outputs;
    return { uri: uris.primary, direct: uris.default, ca: caCertificate };
  }

  /** The members' addresses in their own network. */
  async addresses(): Promise<SampledMember[]> {
    const all = [...(await this.engine.inspectAll())].filter(
      ([, info]) => info.Config.Labels["pgharbor.role"] === "member",
    );
    return all.map(([name, info]) => ({
      name,
      address: info.NetworkSettings.Networks[names.membersNetwork(this.name)].IPAddress,
    }));
  }

  /** The members' image with another label: only its id differs. */
  async relabelledImage(): Promise<string> {
    const { docker } = this.engine;
    const context = pack();
    context.entry({ name: "Dockerfile" }, `FROM ${this.images.postgres["17"]}\nLABEL pgharbor.test=${this.name}\n`);
    context.finalize();
    const stream = await docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: this.ownImage });
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
    );
    return this.ownImage;
  }
}

interface Program {
  name: string;
  images: ImageTags;
  ports: number[];
  etcdMembers: number;
}

function programOf({ name, images, ports, etcdMembers }: Program, changes: Changes): string {
  const { members = 3, postgresImage = images.postgres["17"], parameters = {}, haTimings = {} } = changes;
  const services = SERVICES.map((service, i) => ({ name: service, port: ports[i] }));
  return `
    import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
    const cluster = new PostgresCluster("${name}", {
      docker: { etcdMembers: ${etcdMembers} }, postgresVersion: "17", deletionProtection: false, members: ${members},
      images: ${JSON.stringify({ postgres: postgresImage, gateway: images.gateway, etcd: images.etcd })},
      services: ${JSON.stringify(services)}, parameters: ${JSON.stringify(parameters)},
      haTimings: ${JSON.stringify(haTimings)},
    });
    const owner = new PgUser("owner", { target: cluster, username: "writer" });
    const database = new PgDatabase("app", { target: cluster, owner: owner.username });
    const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
    export const uris = { primary: bind("primary"), default: bind("default") };
    export const caCertificate = cluster.caCertificate;
  `;
}
