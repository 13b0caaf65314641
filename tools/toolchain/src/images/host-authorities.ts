import { existsSync, readFileSync } from "node:fs";
import type { SourceFile } from "./image-sources";

/**
 * Certificate authorities that this machine trusts in addition, such as that of a company's proxy. A build that
 * downloads must trust them, too. They are not part of an image: a Dockerfile uses them only in a stage that is
 * discarded.
 */
export function hostAuthorities(env: NodeJS.ProcessEnv = process.env): SourceFile[] {
  const file = [env.SSL_CERT_FILE, env.NODE_EXTRA_CA_CERTS].find((path) => path && existsSync(path));
  return file === undefined ? [] : [{ path: "host-ca.crt", mode: 0o644, content: readFileSync(file) }];
}
