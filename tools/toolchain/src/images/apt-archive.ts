import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The package archives that this machine's apt uses. */
export interface AptArchive {
  readonly main: string;
  readonly security?: string;
}

/** Finds Debian's archive in apt's sources, in either format; undefined if there is none (on Ubuntu, for example). */
export function findAptArchive(sources: readonly string[]): AptArchive | undefined {
  const uris = sources.flatMap(urisOf);
  const main = uris.find((uri) => /\/debian$/.test(uri));
  const security = uris.find((uri) => /\/debian-security$/.test(uri));
  return main === undefined ? undefined : { main, security };
}

/** Returns the texts of this machine's apt sources. */
export function readAptSources(folder = "/etc/apt"): string[] {
  const parts = join(folder, "sources.list.d");
  const names = existsSync(parts) ? readdirSync(parts).filter((name) => /\.(list|sources)$/.test(name)) : [];
  return [join(folder, "sources.list"), ...names.map((name) => join(parts, name))]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
}

function urisOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*#/.test(line));
  return lines
    .flatMap((line) => {
      const deb822 = /^URIs:\s*(.+)$/.exec(line)?.[1]?.split(/\s+/);
      const oneLine = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.slice(1, 2);
      return deb822 ?? oneLine ?? [];
    })
    .map((uri) => uri.replace(/\/+$/, ""));
}
