import * as os from "node:os";
import * as path from "node:path";

/** The folder of everything that is set up for the user: under XDG's cache, never in the user's ~/.pulumi. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(base, "pgharbor");
}
