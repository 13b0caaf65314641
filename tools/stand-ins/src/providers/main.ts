/** The program of the stand-in plugin: `main.js tls <version>`. */
import { exitWithParent } from "../exit-with-parent";
import { ProviderServer } from "./protocol/provider-server";
import { tlsProvider } from "./tls/tls-provider";

/** Providers that have a stand-in. */
const providers: { readonly [name: string]: typeof tlsProvider } = { tls: tlsProvider };

const [name = "", version = "0.0.0"] = process.argv.slice(2);
const provider = providers[name];
if (provider === undefined) {
  process.stderr.write(`unknown provider "${name}"; this program stands in for ${Object.keys(providers).join(", ")}\n`);
  process.exit(1);
}
new ProviderServer(provider, version).listen();
exitWithParent();
