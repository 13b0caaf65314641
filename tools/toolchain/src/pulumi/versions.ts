import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

/** The newest CLI whose Go module can be had; it runs programs of any SDK of major version 3. */
export const OFFLINE_CLI_VERSION = "3.274.1";

/** Older ones lack what the SDK in use asks for; such a CLI on PATH is passed over. */
export const OLDEST_USABLE_CLI = "3.200.0";

/** Providers that the library and its examples declare resources of. */
export const PROVIDERS = ["random", "tls", "docker", "kubernetes"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** What there always is. The plugin of kubernetes takes minutes to build, so it is there once it was asked for. */
export const COMMON_PROVIDERS: readonly ProviderName[] = PROVIDERS.filter((name) => name !== "kubernetes");

/** This package's own folder, the same from `src` (tests) and from `dist`. */
export const PACKAGE_ROOT = path.resolve(__dirname, "..", "..");
export const CHECKOUT = path.resolve(PACKAGE_ROOT, "..", "..");
/** What stands in for plugins, as it is started: compiled. */
export const STAND_INS = path.join(CHECKOUT, "tools", "stand-ins", "dist");

const checkoutRequire = createRequire(path.join(CHECKOUT, "package.json"));

/** The engine looks for a plugin of exactly the version of the npm package that the program imports. */
export function packageVersion(name: string): string {
  const file = checkoutRequire.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

export function packageFolder(name: string): string {
  return path.dirname(checkoutRequire.resolve(`${name}/package.json`));
}
