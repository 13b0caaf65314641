import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

const PACKAGE = path.resolve(__dirname, "..", "..", "packages", "pgharbor");
/** A module of the built package. jest's own loader cannot load the ES module that it imports at the first use. */
const SCRIPT = `
  const [module, name, method, ...args] = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const found = require(module);
  const work = name === "" ? found[method] : found.handlers[name][method];
  Promise.resolve(work(...args)).then(
    (result) => console.log("\\n" + JSON.stringify({ result: result ?? null })),
    (error) => console.log("\\n" + JSON.stringify({ error: error.message })),
  );`;

export interface Called<T> {
  result: T;
  /** The messages that the handler printed. */
  told: string;
}

/** Calls a handler's method in a separate process, as Pulumi's plugin does. */
export function callHandler<T>(env: NodeJS.ProcessEnv, kind: string, method: string, ...args: unknown[]) {
  return call<T>(env, [path.join(PACKAGE, "dynamic", "v1"), kind, method, ...args]);
}

/** Calls a function of a built module, given below the package's `dist`. */
export function callBuilt<T>(env: NodeJS.ProcessEnv, module: string, name: string, ...args: unknown[]) {
  return call<T>(env, [path.join(PACKAGE, "dist", module), "", name, ...args]);
}

async function call<T>(env: NodeJS.ProcessEnv, request: unknown[]): Promise<Called<T>> {
  const running = promisify(execFile)(process.execPath, ["-e", SCRIPT], { env, maxBuffer: 1 << 26 });
  running.child.stdin?.end(JSON.stringify(request));
  const lines = (await running).stdout.trimEnd().split("\n");
  const { result, error } = JSON.parse(lines.pop() ?? "") as { result: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return { result, told: lines.join("\n").trim() };
}
