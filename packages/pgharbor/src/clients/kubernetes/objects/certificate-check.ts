import { createPrivateKey, X509Certificate } from "node:crypto";

/** The contents of a Secret of type kubernetes.io/tls. */
export interface TlsSecret {
  certificate: string;
  privateKey: string;
  caCertificate: string;
}

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const AS_NAMED = { subject: "never", partialWildcards: false } as const;

export function tlsSecretOf(data: Record<string, string>): TlsSecret {
  return { certificate: data["tls.crt"] ?? "", privateKey: data["tls.key"] ?? "", caCertificate: data["ca.crt"] ?? "" };
}

/** Finds why members and clients would not trust a certificate, before a cluster fails to start with it. */
export function certificateProblems(secret: TlsSecret, names: string[], now: Date): string[] {
  const chain = certificatesIn(secret.certificate);
  const authorities = certificatesIn(secret.caCertificate);
  const missing = [
    ...(chain.length === 0 ? [`has no certificate in PEM at the key "tls.crt"`] : []),
    ...(secret.privateKey === "" ? [`has no private key at the key "tls.key"`] : []),
    ...(authorities.length === 0 ? [`has no certificate of an authority in PEM at the key "ca.crt"`] : []),
  ];
  const [leaf] = chain;
  if (missing.length > 0 || leaf === undefined) return missing;
  return [
    ...keyProblems(leaf, secret.privateKey),
    ...timeProblems(leaf, now),
    ...usageProblems(leaf),
    ...chainProblems(chain, authorities),
    ...nameProblems(leaf, names),
  ];
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
function certificatesIn(text: string): X509Certificate[] {
  try {
    return (text.match(PEM) ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}

function keyProblems(leaf: X509Certificate, privateKey: string): string[] {
  try {
    const fits = leaf.checkPrivateKey(createPrivateKey(privateKey));
    return fits ? [] : [`has another key at "tls.key" than the one "tls.crt" is for`];
  } catch {
    return [`has no private key in PEM, without a passphrase, at the key "tls.key"`];
  }
}

function timeProblems({ validFrom, validTo }: X509Certificate, now: Date): string[] {
  if (new Date(validTo) < now) return [`has a "tls.crt" that has expired, on ${validTo}`];
  return new Date(validFrom) > now ? [`has a "tls.crt" that is not valid before ${validFrom}`] : [];
}

/** A certificate without a list of usages allows every usage. */
function usageProblems({ keyUsage }: X509Certificate): string[] {
  const usages = keyUsage as string[] | undefined;
  return usages === undefined || usages.includes(SERVER_AUTH) ? [] : [`has a "tls.crt" that is not for servers`];
}

/** Each certificate must be signed by the next one, and the last by an authority. */
function chainProblems(chain: X509Certificate[], authorities: X509Certificate[]): string[] {
  const signed = (one: X509Certificate, by: X509Certificate) => one.checkIssued(by) && one.verify(by.publicKey);
  const broken = chain.find((one, i) => {
    const next = chain[i + 1];
    return next === undefined || authorities.some((by) => signed(one, by)) ? false : !signed(one, next);
  });
  const last = broken ?? chain.find((one) => authorities.some((by) => signed(one, by)));
  if (broken === undefined && last !== undefined) return [];
  const issuer = oneLine((broken ?? chain.at(-1))?.issuer ?? "");
  return [`has a "tls.crt" that does not lead to an authority of "ca.crt": it lacks the issuer, ${issuer}`];
}

function nameProblems(leaf: X509Certificate, names: string[]): string[] {
  const has = (leaf.subjectAltName ?? "")
    .split(", ")
    .filter((entry) => entry.startsWith("DNS:"))
    .map((entry) => entry.slice(4));
  const covers = (name: string) => has.includes(name) || leaf.checkHost(name, AS_NAMED) !== undefined;
  const lacks = names.filter((name) => !covers(name));
  if (lacks.length === 0) return [];
  return [`has a "tls.crt" without the names ${lacks.join(", ")}; it has ${has.join(", ") || "none"}`];
}

const oneLine = (subject: string): string => JSON.stringify(subject.replaceAll("\n", ", "));
