import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** What signs certificates. */
export interface Authority {
  certificate: pulumi.Output<string>;
  privateKey: pulumi.Output<string>;
}

/** A key and a certificate by the name that was planned. */
export type Certificates = Record<string, { certificate: pulumi.Output<string>; privateKey: pulumi.Output<string> }>;

/** What one certificate says. */
export interface CertificateContent {
  name: string;
  /** @default none */
  commonName?: string;
  dnsNames: pulumi.Input<string>[];
  ipAddresses: string[];
  uses: ("server_auth" | "client_auth")[];
}

const HOURS_A_DAY = 24;
/** Elliptic keys: quick to make, and a handshake costs a member little. */
const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };
const ORGANIZATION = "pgharbor";

/** Ten years: clients keep its certificate, and should not have to ask for another each time a server's is renewed. */
const AUTHORITY_DAYS = 3650;

/** An authority, with a life of its own: only where what it signs lives longer, it lives as long. */
export function makeAuthority(
  name: string,
  commonName: string,
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
): Authority {
  const caKey = new tls.PrivateKey(`${name}-key`, key, opts);
  const ca = new tls.SelfSignedCert(
    name,
    {
      privateKeyPem: caKey.privateKeyPem,
      subject: { commonName, organization: ORGANIZATION },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      ...validity(Math.max(AUTHORITY_DAYS, validityDays)),
    },
    opts,
  );
  return { certificate: ca.certPem, privateKey: caKey.privateKeyPem };
}

/** Keys and certificates by name. */
export const makeCertificates = (
  authority: Authority,
  planned: CertificateContent[],
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
): Certificates =>
  Object.fromEntries(planned.map((one) => [one.name, makeCertificate(authority, one, validityDays, opts)]));

function makeCertificate(
  authority: Authority,
  { name, commonName, dnsNames, ipAddresses, uses }: CertificateContent,
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
) {
  const privateKey = new tls.PrivateKey(`${name}-key`, key, opts);
  const request = new tls.CertRequest(
    `${name}-request`,
    {
      privateKeyPem: privateKey.privateKeyPem,
      subject: { commonName, organization: ORGANIZATION },
      dnsNames: dnsNames.length === 0 ? undefined : dnsNames,
      ipAddresses: ipAddresses.length === 0 ? undefined : ipAddresses,
    },
    opts,
  );
  const signed = new tls.LocallySignedCert(
    `${name}-certificate`,
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: authority.privateKey,
      caCertPem: authority.certificate,
      allowedUses: ["digital_signature", "key_encipherment", ...uses],
      ...validity(validityDays),
    },
    opts,
  );
  return { certificate: signed.certPem, privateKey: privateKey.privateKeyPem };
}

/** Renewed by the first `up` in the last third of their life. */
const validity = (days: number) => ({
  validityPeriodHours: days * HOURS_A_DAY,
  earlyRenewalHours: Math.floor((days * HOURS_A_DAY) / 3),
});
