/** A service's `default-server` options, split into those of the checks and those of the servers that track them. */
export interface ServerOptions {
  check: string;
  server: string;
}

const checkOptions = ["inter", "fastinter", "downinter", "rise", "fall"];
const serverOptions = ["maxconn", "maxqueue", "minconn", "on-marked-down", "on-marked-up", "slowstart", "weight"];

/** Options are `name value` pairs. Unknown ones are left out. */
export function splitServerOptions(text: string): ServerOptions {
  const words = text.split(/\s+/).filter((one) => one !== "");
  const pairs = Array.from({ length: Math.floor(words.length / 2) }, (_, i) => [
    words[2 * i] ?? "",
    words[2 * i + 1] ?? "",
  ]);
  const only = (names: string[]): string =>
    pairs
      .filter(([name = ""]) => names.includes(name))
      .map((pair) => pair.join(" "))
      .join(" ");
  return { check: only(checkOptions), server: only(serverOptions) };
}
