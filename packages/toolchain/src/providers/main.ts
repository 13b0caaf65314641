/** The program behind every stand-in plugin: `main.js <provider> <version> [engine address]`. */
import { exitWithParent } from "../cache/exit-with-parent";
import { EngineLog } from "./protocol/engine-log";
import { ProviderServer } from "./protocol/provider-server";

interface Plugin {
  listen(): void;
}

/** Loaded one by one: a plugin must start in an instant, and one needs nothing of the others' libraries. */
const plugins: { [name: string]: (version: string, engine?: string) => Promise<Plugin> } = {
  tls: async (version) => new ProviderServer((await import("./tls/tls-provider")).tlsProvider, version),
  kubernetes: async (version, engine) => {
    const { KubernetesProvider } = await import("./kubernetes/kubernetes-provider");
    return new KubernetesProvider(version, new EngineLog(engine));
  },
};

async function main(): Promise<void> {
  const [name = "", version = "0.0.0", engine] = process.argv.slice(2);
  const load = plugins[name];
  if (!load)
    throw new Error(`unknown provider "${name}"; this program stands in for ${Object.keys(plugins).join(", ")}`);
  (await load(version, engine)).listen();
  exitWithParent();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
