import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { certificateProblems, tlsSecretOf } from "./certificate-check";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const now = new Date("2030-06-01T00:00:00Z");
const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
const pemOf = async (keys: webcrypto.CryptoKeyPair) =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");

interface Made {
  pem: string;
  key: string;
  subject: string;
  keys: webcrypto.CryptoKeyPair;
}
interface Wanted {
  names?: string[];
  by?: Made;
  until?: string;
  usages?: string[];
  isAuthority?: boolean;
}

async function make(cn: string, { names = [], by, until = "2031-01-01", usages, isAuthority }: Wanted): Promise<Made> {
  const keys = await newKeys();
  const subject = `CN=${cn}`;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: by?.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date("2030-01-01T00:00:00Z"),
    notAfter: new Date(`${until}T00:00:00Z`),
    extensions: [
      ...(isAuthority ? [new x509.BasicConstraintsExtension(true, undefined, true)] : []),
      ...(names.length > 0
        ? [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value })))]
        : []),
      ...(usages === undefined ? [] : [new x509.ExtendedKeyUsageExtension(usages)]),
    ],
  });
  return { pem: certificate.toString("pem"), key: await pemOf(keys), subject, keys };
}

const names = ["shop-m1-0.shop-members", "shop-primary.data.svc.cluster.local"];
const HAS = "shop-m1-0.shop-members, *.data.svc.cluster.local";
let ca: Made;
let between: Made;
let leaf: Made;
beforeAll(async () => {
  ca = await make("root", { isAuthority: true });
  between = await make("between", { isAuthority: true, by: ca });
  leaf = await make("shop", { names: HAS.split(", "), by: ca });
});
const problems = (crt: string, key: string, authority: string, wanted = names) =>
  certificateProblems(tlsSecretOf({ "tls.crt": crt, "tls.key": key, "ca.crt": authority }), wanted, now);

test("accepts a certificate that covers every name, by a wildcard or in a bundle, too", () => {
  expect(problems(leaf.pem, leaf.key, ca.pem)).toEqual([]);
  expect(problems(leaf.pem, leaf.key, `${between.pem}\n${ca.pem}\n`)).toEqual([]);
  expect(problems(leaf.pem, leaf.key, ca.pem, ["*.data.svc.cluster.local"])).toEqual([]);
});

test("accepts an intermediate authority, sent with the certificate or trusted", async () => {
  const below = await make("shop", { names, by: between });
  expect(problems(`${below.pem}\n${between.pem}`, below.key, ca.pem)).toEqual([]);
  expect(problems(below.pem, below.key, between.pem)).toEqual([]);
  expect(problems(below.pem, below.key, ca.pem)).toEqual([
    `has a "tls.crt" that does not lead to an authority of "ca.crt": it lacks the issuer, "CN=between"`,
  ]);
});

test("refuses missing and unreadable parts", () => {
  expect(certificateProblems(tlsSecretOf({}), names, now)).toEqual([
    `has no certificate in PEM at the key "tls.crt"`,
    `has no private key at the key "tls.key"`,
    `has no certificate of an authority in PEM at the key "ca.crt"`,
  ]);
  expect(problems("x", "y", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----")).toEqual([
    `has no certificate in PEM at the key "tls.crt"`,
    `has no certificate of an authority in PEM at the key "ca.crt"`,
  ]);
});

test("refuses a key of another certificate or no key, and never shows the key", () => {
  expect(problems(leaf.pem, ca.key, ca.pem)).toEqual([`has another key at "tls.key" than the one "tls.crt" is for`]);
  const [problem] = problems(leaf.pem, "geheim", ca.pem);
  expect(problem).toBe(`has no private key in PEM, without a passphrase, at the key "tls.key"`);
});

test("refuses a certificate of another authority with the same name", async () => {
  const other = await make("root", { isAuthority: true });
  expect(problems(leaf.pem, leaf.key, other.pem)).toEqual([
    `has a "tls.crt" that does not lead to an authority of "ca.crt": it lacks the issuer, "CN=root"`,
  ]);
});

test("refuses expired certificates, those for clients only, and those that lack names", async () => {
  const old = await make("shop", { names, by: ca, until: "2030-05-01", usages: ["1.3.6.1.5.5.7.3.2"] });
  expect(problems(old.pem, old.key, ca.pem, ["a.example", ...names])).toEqual([
    `has a "tls.crt" that has expired, on May  1 00:00:00 2030 GMT`,
    `has a "tls.crt" that is not for servers`,
    `has a "tls.crt" without the names a.example; it has ${names.join(", ")}`,
  ]);
});
