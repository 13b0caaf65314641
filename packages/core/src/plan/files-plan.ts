import { systemUsers } from "../names";
import type { Late, PlannedFile, PlannedPassword } from "./types";

const SECRET = 0o600;
const PLAIN = 0o644;

/** A file that anyone may read, also in a preview. */
export const plainFile = (path: string, content: (late: Late) => string, initialOnly = false): PlannedFile => ({
  path,
  mode: PLAIN,
  sensitive: false,
  initialOnly,
  content,
});

/** A file with a secret in it. */
export const secretFile = (path: string, content: (late: Late) => string, initialOnly = false): PlannedFile => ({
  path,
  mode: SECRET,
  sensitive: true,
  initialOnly,
  content,
});

export const caFile = (): PlannedFile => plainFile("ca.crt", (late) => late.caCertificate);

/** The certificate and key of a container. */
export const certificateFiles = (container: string): PlannedFile[] => [
  plainFile("tls.crt", (late) => certificateOf(late, container).certificate),
  secretFile("tls.key", (late) => certificateOf(late, container).privateKey),
];

export const passwordFile = (path: string, user: PlannedPassword): PlannedFile =>
  secretFile(path, (late) => late.passwords[user]);

function certificateOf(late: Late, container: string) {
  const found = late.certificates[container];
  if (found === undefined) throw new Error(`no certificate was planned for ${container}`);
  return found;
}

export const passwordNames = Object.keys(systemUsers) as PlannedPassword[];
