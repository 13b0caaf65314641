import { existsSync, readFileSync } from "node:fs";
import type { SourceFile } from "./image-sources";

/**
 * The authorities that this machine trusts besides the usual ones, such as its company's proxy: a build that downloads must
 * trust them too. They are no source of an image: a Dockerfile uses them in a stage that is thrown away.
 */
export function hostAuthorities(env: NodeJS.ProcessEnv = process.env): SourceFile[] {
  const file = [env.SSL_CERT_FILE, env.NODE_EXTRA_CA_CERTS].find((path) => path && existsSync(path));
  return file === undefined ? [] : [{ path: "host-ca.crt", mode: 0o644, content: readFileSync(file) }];
}
