import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import { PACKAGE_ROOT } from "../../pulumi/versions";
import type { ProviderOptions } from "./provider-options";

/** As much of client-node's KubeConfig as we use; the module is ESM, which this package's module resolution cannot type. */
export interface KubeConfig {
  contexts: { name: string; cluster: string; user: string; namespace?: string }[];
  clusters: { name: string; server: string }[];
  loadFromDefault(): void;
  loadFromFile(file: string): void;
  loadFromString(text: string): void;
  setCurrentContext(name: string): void;
  getCurrentContext(): string;
  getContextObject(name: string): KubeConfig["contexts"][number] | null;
  getCluster(name: string): KubeConfig["clusters"][number] | null;
  applyToHTTPSOptions(options: RequestOptions): Promise<void>;
}

interface ClientModule {
  readonly KubeConfig: new () => KubeConfig;
}

/** From the sources, where the one plain JavaScript file lies: the compiler does not copy it. */
function loadClient(): Promise<ClientModule> {
  const file = path.join(PACKAGE_ROOT, "src", "providers", "kubernetes", "client-node.js");
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(file) as { loadClient(): Promise<ClientModule> }).loadClient();
}

const HOW_TO = "give the provider a `kubeconfig`, set KUBECONFIG, or write ~/.kube/config";

/** Reads the configuration that the provider's arguments or the environment name, with context and cluster chosen. */
export async function loadKubeconfig(
  options: Pick<ProviderOptions, "kubeconfig" | "context" | "cluster">,
): Promise<KubeConfig> {
  const { KubeConfig: Config } = await loadClient();
  const config = new Config();
  if (options.kubeconfig === undefined) {
    if (!hasAmbientConfig()) throw new Error(`no kubeconfig was found: ${HOW_TO}`);
    config.loadFromDefault();
  } else {
    const file = fileOf(options.kubeconfig);
    if (file) config.loadFromFile(file);
    else config.loadFromString(options.kubeconfig);
  }
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const context = config.getContextObject(config.getCurrentContext());
  if (!context) {
    const known = config.contexts.map(({ name }) => name).join(", ") || "none";
    throw new Error(`the context "${config.getCurrentContext()}" does not exist in the kubeconfig; it has ${known}`);
  }
  if (options.cluster !== undefined) context.cluster = options.cluster;
  if (!config.getCluster(context.cluster)) {
    throw new Error(`the cluster "${context.cluster}" does not exist in the kubeconfig`);
  }
  return config;
}

/** The active cluster, which is all that identifies one: when it changes, everything in it is made anew. */
export async function activeCluster(options: Pick<ProviderOptions, "kubeconfig" | "context" | "cluster">) {
  if (options.kubeconfig === undefined) return undefined;
  try {
    const config = await loadKubeconfig(options);
    return config.getCluster(config.getContextObject(config.getCurrentContext())?.cluster ?? "") ?? undefined;
  } catch {
    return undefined;
  }
}

function hasAmbientConfig(): boolean {
  if (process.env.KUBECONFIG) return process.env.KUBECONFIG.split(path.delimiter).some((file) => existsSync(file));
  return existsSync(path.join(os.homedir(), ".kube", "config")) || existsSync("/var/run/secrets/kubernetes.io");
}

/** The argument is either a path or the contents themselves. */
function fileOf(pathOrContents: string): string | undefined {
  if (pathOrContents.includes("\n")) return undefined;
  const file = pathOrContents.replace(/^~(?=$|\/)/, os.homedir());
  if (existsSync(file)) return file;
  // One line that is no JSON can only have been meant as a path.
  if (/^[~/.]/.test(pathOrContents)) throw new Error(`the kubeconfig ${pathOrContents} does not exist`);
  return undefined;
}
