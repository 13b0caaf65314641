import type { IdentityAuthority, DeferredValues } from "../render/deferred-values";
import type { PlannedPassword } from "../model/passwords";
import type { PlannedFile } from "./types";

const SECRET = 0o600;
const PLAIN = 0o644;

/** A world-readable file that is known in a preview. */
export const plainFile = (path: string, text: () => string, initialOnly = false): PlannedFile => ({
  path,
  mode: PLAIN,
  sensitive: false,
  deferred: false,
  initialOnly,
  content: text,
});

/** A world-readable file with a deferred value: a certificate. */
const publicFile = (path: string, content: (deferred: DeferredValues) => string): PlannedFile => ({
  path,
  mode: PLAIN,
  sensitive: false,
  deferred: true,
  content,
});

/** A file that contains a secret. */
export const secretFile = (
  path: string,
  content: (deferred: DeferredValues) => string,
  initialOnly = false,
): PlannedFile => ({
  path,
  mode: SECRET,
  sensitive: true,
  deferred: true,
  initialOnly,
  content,
});

export const caFile = (): PlannedFile => publicFile("ca.crt", (deferred) => deferred.caCertificate);

/** A certificate and its key, as `<file>.crt` and `<file>.key`. */
export const certificateFiles = (certificate: string, file = "tls"): PlannedFile[] => [
  publicFile(`${file}.crt`, (deferred) => certificateOf(deferred, certificate).certificate),
  secretFile(`${file}.key`, (deferred) => certificateOf(deferred, certificate).privateKey),
];

/** The same in one file, as HAProxy requires. */
export const certificateBundle = (certificate: string, path: string): PlannedFile =>
  secretFile(path, (deferred) => {
    const { certificate: crt, privateKey } = certificateOf(deferred, certificate);
    return `${crt.trimEnd()}\n${privateKey}`;
  });

/** The authorities whose client certificates a server accepts. */
export const authoritiesFile = (path: string, ...authorities: IdentityAuthority[]): PlannedFile =>
  publicFile(path, (deferred) =>
    authorities.map((authority) => `${authorityOf(deferred, authority).trimEnd()}\n`).join(""),
  );

export const passwordFile = (path: string, user: PlannedPassword): PlannedFile =>
  secretFile(path, (deferred) => deferred.passwords[user]);

function certificateOf(deferred: DeferredValues, name: string) {
  const found = deferred.certificates[name];
  if (found === undefined) throw new Error(`no certificate was planned for ${name}`);
  return found;
}

function authorityOf(deferred: DeferredValues, authority: IdentityAuthority): string {
  const found = deferred.authorities[authority];
  if (found === undefined) throw new Error(`there is no authority for ${authority}`);
  return found;
}
