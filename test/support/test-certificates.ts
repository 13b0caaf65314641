import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate with its private key, as PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** A CA and a server certificate that it signed, as PEM. */
export interface TestCertificates extends KeyPair {
  ca: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000;

export const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const validity = (days: number) => ({
  notBefore: new Date(Date.now() - DAY),
  notAfter: new Date(Date.now() + days * DAY),
});

/** Creates new certificates for one test run. `addresses` are the IP addresses of the server. */
export async function testCertificates(dnsName: string, addresses: string[]): Promise<TestCertificates> {
  const authority = await testAuthority("throw-away test CA");
  return { ca: authority.cert, ...(await signedBy(authority, [dnsName], addresses)) };
}

/** An authority that can sign, as an issuer needs it. A renewed authority keeps its keys. */
export async function testAuthority(
  name: string,
  options: { keys?: webcrypto.CryptoKeyPair; days?: number } = {},
): Promise<KeyPair> {
  const { keys = await newKeys(), days = 365 } = options;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
    ...validity(days),
  });
  return { cert: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
}

/** Creates a server's certificate. */
export async function signedBy(authority: KeyPair, dnsNames: string[], addresses: string[] = []): Promise<KeyPair> {
  const keys = await newKeys();
  const names = [
    ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...addresses.map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${dnsNames[0]}`,
    issuer: new x509.X509Certificate(authority.cert).subject,
    publicKey: keys.publicKey,
    signingKey: await privateKeyIn(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.SubjectAlternativeNameExtension(names)],
    ...validity(1),
  });
  return { cert: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
}

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");

const privateKeyIn = (pem: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(pem), ALGORITHM, false, ["sign"]);
