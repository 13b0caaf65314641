import type * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** A certificate authority. */
export interface Authority {
  certificate: pulumi.Output<string>;
  privateKey: pulumi.Output<string>;
}

/** Keys and certificates by planned name. */
export type Certificates = Record<string, { certificate: pulumi.Output<string>; privateKey: pulumi.Output<string> }>;

/** Contents of one certificate. */
export interface CertificateContent {
  name: string;
  /** @default none */
  commonName?: string;
  dnsNames: pulumi.Input<string>[];
  ipAddresses: string[];
  uses: ("server_auth" | "client_auth")[];
}

const HOURS_A_DAY = 24;
/** Elliptic keys are created quickly, and handshakes take little CPU. */
const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };
const ORGANIZATION = "pgharbor";

/** Ten years, because clients keep the authority's certificate and should not need a new one with each renewal of a server's. */
const AUTHORITY_DAYS = 3650;

/** Creates an authority. It is valid for AUTHORITY_DAYS, or as long as the certificates that it signs if that is longer. */
export function createAuthority(
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

/** Creates keys and certificates. */
export const createCertificates = (
  authority: Authority,
  planned: CertificateContent[],
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
): Certificates =>
  Object.fromEntries(planned.map((one) => [one.name, createCertificate(authority, one, validityDays, opts)]));

function createCertificate(
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

/** The first `up` in the last third of the validity renews the certificate. */
const validity = (days: number) => ({
  validityPeriodHours: days * HOURS_A_DAY,
  earlyRenewalHours: Math.floor((days * HOURS_A_DAY) / 3),
});
