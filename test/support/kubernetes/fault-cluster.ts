import { performance } from "node:perf_hooks";
import type { HaTimings } from "@pgharbor/core";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../kubernetes-cluster";
import { KubernetesMembers } from "../kubernetes-members";
import { images } from "../pinned-images";
import { pulumiProject, type PulumiProject } from "../pulumi-project";
import { inNamespace, type TestNamespace } from "../test-namespace";
import { Writers, type WritersOptions } from "../writers";

/** What a test may change in the cluster while clients write. */
export interface Changes {
  members?: number;
  postgresImage?: string;
  gatewayImage?: string;
  parameters?: Record<string, string>;
  haTimings?: HaTimings;
  disk?: string;
  memory?: string;
}

interface Outputs {
  uris: { primary: string; default: string };
  caCertificate: string;
}

const NAME = "shop";

/** The one cluster for all fault tests of a file, in a restricted namespace of its own. */
export class KubernetesFaultCluster {
  readonly engine: KubernetesMembers;
  private changes: Changes = {};
  private serviceAddresses: Record<string, string> = {};
  /** When the first `pulumi up` began. */
  readonly upSince = performance.now();
  private outputs!: Outputs;

  private constructor(
    readonly kubernetes: KubernetesForTests,
    private readonly namespace: TestNamespace,
    private readonly project: PulumiProject,
  ) {
    this.engine = new KubernetesMembers(kubernetes, namespace.name, NAME);
  }

  static async up(prefix: string, changes: Changes = {}): Promise<KubernetesFaultCluster> {
    const kubernetes = await kubernetesForTests();
    const namespace = await inNamespace(kubernetes, prefix, RESTRICTED);
    const env = { KUBECONFIG: kubernetes.kubeconfig };
    const project = await pulumiProject({ program: programOf(namespace.name, changes), env });
    const cluster = new KubernetesFaultCluster(kubernetes, namespace, project);
    try {
      await cluster.change(changes);
      cluster.outputs = await project.outputs<Outputs>();
      cluster.serviceAddresses = await kubernetes.serviceAddresses(namespace.name);
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  /** Runs `pulumi up` with these changes, added to the earlier ones. */
  async change(changes: Changes): Promise<void> {
    this.changes = { ...this.changes, ...changes };
    await this.project.write(programOf(this.namespace.name, this.changes));
    await this.project.up();
  }

  expectNoChanges = (): Promise<void> => this.project.expectNoChanges();

  async remove(): Promise<void> {
    await this.project.remove().finally(() => this.namespace.remove());
  }

  /** Starts clients that write without a pause. If they cannot start, the cluster is removed. */
  startWriters = (): Promise<Writers> =>
    Writers.start(this.connection()).catch(async (error: Error) => {
      await this.remove();
      throw error;
    });

  connection(): Pick<WritersOptions, "uri" | "direct" | "ca" | "addresses"> {
    const { uris, caCertificate } = this.outputs;
    return { uri: uris.primary, direct: uris.default, ca: caCertificate, addresses: this.serviceAddresses };
  }

  /** The members' own addresses. */
  addresses = () => this.engine.addresses();
}

function programOf(namespace: string, changes: Changes): string {
  const { postgresImage = images.postgres["17"], gatewayImage = images.gateway } = changes;
  const { members = 3, parameters = {}, haTimings = {}, disk = "8GB", memory } = changes;
  return `
    import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
    const cluster = new PostgresCluster(${JSON.stringify(NAME)}, {
      kubernetes: { namespace: ${JSON.stringify(namespace)} },
      postgresVersion: "17", deletionProtection: false, members: ${members},
      images: ${JSON.stringify({ postgres: postgresImage, gateway: gatewayImage })},
      parameters: ${JSON.stringify(parameters)}, haTimings: ${JSON.stringify(haTimings)},
      resources: ${JSON.stringify({ disk, memory })},
    });
    const owner = new PgUser("owner", { target: cluster, username: "writer" });
    const database = new PgDatabase("app", { target: cluster, owner: owner.username });
    const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
    export const uris = { primary: bind("primary"), default: bind("default") };
    export const caCertificate = cluster.caCertificate;
  `;
}
