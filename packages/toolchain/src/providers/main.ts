/** The program behind every stand-in plugin: `main.js <provider> <version> [engine address]`. */
import { exitWithParent } from "../cache/exit-with-parent";
import { ProviderServer } from "./protocol/provider-server";
import type { Provider } from "./protocol/resource-type";

/** Loaded one by one: a plugin must start in an instant, and one needs nothing of the others' libraries. */
const providers: { [name: string]: () => Promise<Provider> } = {
  random: async () => (await import("./random/random-provider")).randomProvider,
  docker: async () => (await import("./docker/docker-provider")).dockerProvider,
  tls: async () => (await import("./tls/tls-provider")).tlsProvider,
};

async function main(): Promise<void> {
  const [name = "", version = "0.0.0"] = process.argv.slice(2);
  const load = providers[name];
  if (!load)
    throw new Error(`unknown provider "${name}"; this program stands in for ${Object.keys(providers).join(", ")}`);
  new ProviderServer(await load(), version).listen();
  exitWithParent();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
