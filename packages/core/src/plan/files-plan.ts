import type { Late, PlannedFile, PlannedPassword } from "./types";

const SECRET = 0o600;
const PLAIN = 0o644;

/** A file that anyone may read, also in a preview. */
export const plainFile = (path: string, text: () => string, initialOnly = false): PlannedFile => ({
  path,
  mode: PLAIN,
  sensitive: false,
  late: false,
  initialOnly,
  content: text,
});

/** A file that anyone may read once it exists: a certificate. */
const publicFile = (path: string, content: (late: Late) => string): PlannedFile => ({
  path,
  mode: PLAIN,
  sensitive: false,
  late: true,
  content,
});

/** A file with a secret in it. */
export const secretFile = (path: string, content: (late: Late) => string, initialOnly = false): PlannedFile => ({
  path,
  mode: SECRET,
  sensitive: true,
  late: true,
  initialOnly,
  content,
});

export const caFile = (): PlannedFile => publicFile("ca.crt", (late) => late.caCertificate);

/** The certificate and key of a container. */
export const certificateFiles = (container: string): PlannedFile[] => [
  publicFile("tls.crt", (late) => certificateOf(late, container).certificate),
  secretFile("tls.key", (late) => certificateOf(late, container).privateKey),
];

export const passwordFile = (path: string, user: PlannedPassword): PlannedFile =>
  secretFile(path, (late) => late.passwords[user]);

function certificateOf(late: Late, container: string) {
  const found = late.certificates[container];
  if (found === undefined) throw new Error(`no certificate was planned for ${container}`);
  return found;
}
