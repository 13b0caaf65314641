import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

/** The newest CLI that is available as a Go module; it runs programs of any SDK of major version 3. */
export const OFFLINE_CLI_VERSION = "3.274.1";

/** Older CLIs lack functions that our SDK needs; such a CLI on PATH is ignored. */
export const OLDEST_USABLE_CLI = "3.200.0";

/** Providers that the library and its examples declare resources of. */
export const PROVIDERS = ["random", "tls", "docker", "kubernetes"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** Plugins that are always installed. That of kubernetes takes minutes to build, so it is installed on request. */
export const COMMON_PROVIDERS: readonly ProviderName[] = PROVIDERS.filter((name) => name !== "kubernetes");

/** This package's own folder, the same from `src` (tests) and from `dist`. */
export const PACKAGE_ROOT = path.resolve(__dirname, "..", "..");
export const CHECKOUT = path.resolve(PACKAGE_ROOT, "..", "..");
/** The compiled entry point of the stand-ins for plugins. */
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
