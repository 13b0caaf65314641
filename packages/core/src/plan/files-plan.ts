import type { IdentityAuthority, Late, PlannedPassword } from "../render/late";
import type { PlannedFile } from "./types";

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

/** A certificate and its key, as `<file>.crt` and `<file>.key`. */
export const certificateFiles = (certificate: string, file = "tls"): PlannedFile[] => [
  publicFile(`${file}.crt`, (late) => certificateOf(late, certificate).certificate),
  secretFile(`${file}.key`, (late) => certificateOf(late, certificate).privateKey),
];

/** The same in one file, as HAProxy wants it. */
export const certificateBundle = (certificate: string, path: string): PlannedFile =>
  secretFile(path, (late) => {
    const { certificate: crt, privateKey } = certificateOf(late, certificate);
    return `${crt.trimEnd()}\n${privateKey}`;
  });

/** Whom a server lets in: those whom one of these authorities has signed. */
export const authoritiesFile = (path: string, ...authorities: IdentityAuthority[]): PlannedFile =>
  publicFile(path, (late) => authorities.map((authority) => `${authorityOf(late, authority).trimEnd()}\n`).join(""));

export const passwordFile = (path: string, user: PlannedPassword): PlannedFile =>
  secretFile(path, (late) => late.passwords[user]);

function certificateOf(late: Late, name: string) {
  const found = late.certificates[name];
  if (found === undefined) throw new Error(`no certificate was planned for ${name}`);
  return found;
}

function authorityOf(late: Late, authority: IdentityAuthority): string {
  const found = late.authorities[authority];
  if (found === undefined) throw new Error(`there is no authority for ${authority}`);
  return found;
}
