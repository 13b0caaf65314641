import type { RequestOptions } from "node:https";
import { KubeApi, requestThrough } from "./kube-api";
import { loadKubeconfig, type KubeConfig } from "./kubeconfig";
import type { ProviderOptions } from "./provider-options";

/** Credentials of a kubeconfig may expire; a fresh look at it costs nothing but a new TLS connection. */
const OPTIONS_LIVE_MS = 60_000;

/** The cluster of one provider. Nothing is read or loaded before it is needed. */
export class ClusterConnection {
  readonly api = new KubeApi(requestThrough(() => this.target()));
  private config: Promise<KubeConfig> | undefined;
  private current: { readonly server: string; readonly options: RequestOptions; readonly until: number } | undefined;

  constructor(private readonly options: ProviderOptions) {}

  /** In which namespace things live that name none. */
  async defaultNamespace(): Promise<string> {
    if (this.options.namespace) return this.options.namespace;
    try {
      const config = await this.kubeconfig();
      return config.getContextObject(config.getCurrentContext())?.namespace || "default";
    } catch {
      // A preview works without a cluster; what needs one says what is wrong.
      return "default";
    }
  }

  private async target() {
    if (this.current && this.current.until > Date.now()) return this.current;
    const config = await this.kubeconfig();
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    // One TLS connection for many requests: waiting asks every second.
    const agent = options.agent as { keepAlive?: boolean; options?: { keepAlive?: boolean } } | undefined;
    if (agent) Object.assign(agent, { keepAlive: true });
    const context = config.getContextObject(config.getCurrentContext());
    const server = config.getCluster(context?.cluster ?? "")?.server ?? "";
    this.current = { server, options, until: Date.now() + OPTIONS_LIVE_MS };
    return this.current;
  }

  private kubeconfig(): Promise<KubeConfig> {
    this.config ??= loadKubeconfig(this.options).catch((error: Error) => {
      throw new NoKubeconfig(error.message);
    });
    return this.config;
  }
}

/** There is nothing to connect to. */
export class NoKubeconfig extends Error {
  constructor(reason: string) {
    super(`unable to load a Kubernetes client configuration: ${reason}`);
  }
}
