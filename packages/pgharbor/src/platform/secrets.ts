import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import {
  NAMESPACE_PLACEHOLDER,
  type Late,
  type PlannedCertificate,
  type PlannedPassword,
  type PlannedService,
} from "@pgharbor/core";

/** What a cluster's certificates are signed with. */
interface Authority {
  certificate: pulumi.Output<string>;
  privateKey: pulumi.Output<string>;
}

const HOURS_A_DAY = 24;
/** Elliptic keys: quick to make, and a handshake costs a member little. */
const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** Of the roles that a cluster makes for itself. */
export type Passwords = Record<string, pulumi.Output<string>>;

/** One random password for each role that the cluster makes for itself. */
export function makePasswords(name: string, users: PlannedPassword[], opts: pulumi.CustomResourceOptions): Passwords {
  return Object.fromEntries(
    users.map((user) => [
      user,
      // Letters and digits only: they need no quoting in any file they reach.
      new random.RandomPassword(`${name}-${user}-password`, { length: 32, special: false }, opts).result,
    ]),
  );
}

/** A key and a certificate by the name that was planned. */
export type Certificates = Record<string, { certificate: pulumi.Output<string>; privateKey: pulumi.Output<string> }>;

/** Where a cluster's certificates come from. */
export interface CertificateSource {
  /** What clients verify them with. */
  caCertificate: pulumi.Output<string>;
  /** Of the cluster's own containers. */
  certificates: Certificates;
  /** Of a service that is added later. */
  more(added: AddedCertificates, opts: pulumi.CustomResourceOptions): Certificates;
}

export interface AddedCertificates {
  certificates: PlannedCertificate[];
  service: PlannedService;
}

export interface AuthorityArgs {
  name: string;
  certificates: PlannedCertificate[];
  validityDays: number;
  /** What `{namespace}` stands for in names. */
  namespace?: pulumi.Output<string>;
}

/** An authority of the cluster's own. */
export function ownAuthority(args: AuthorityArgs, opts: pulumi.CustomResourceOptions): CertificateSource {
  const authority = makeAuthority(args.name, args.validityDays, opts);
  const { validityDays, namespace } = args;
  const issuing = { authority, validityDays, namespace };
  return {
    caCertificate: authority.certificate,
    certificates: makeCertificates(args.certificates, issuing, opts),
    more: (added, its) => makeCertificates(added.certificates, issuing, its),
  };
}

function makeAuthority(name: string, validityDays: number, opts: pulumi.CustomResourceOptions): Authority {
  const caKey = new tls.PrivateKey(`${name}-ca-key`, key, opts);
  const ca = new tls.SelfSignedCert(
    `${name}-ca`,
    {
      privateKeyPem: caKey.privateKeyPem,
      subject: { commonName: `${name} certificate authority`, organization: "pgharbor" },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      ...validity(validityDays),
    },
    opts,
  );
  return { certificate: ca.certPem, privateKey: caKey.privateKeyPem };
}

/** What certificates are made with. */
interface Issuing {
  authority: Authority;
  validityDays: number;
  /** What `{namespace}` stands for in names. */
  namespace?: pulumi.Output<string>;
}

/** Keys and certificates by name. They serve both ends of a connection: members are clients of etcd and of each other. */
function makeCertificates(
  planned: PlannedCertificate[],
  { authority, validityDays, namespace }: Issuing,
  opts: pulumi.CustomResourceOptions,
): Certificates {
  return Object.fromEntries(
    planned.map((certificate) => {
      const privateKey = new tls.PrivateKey(`${certificate.name}-key`, key, opts);
      const request = new tls.CertRequest(
        `${certificate.name}-request`,
        {
          privateKeyPem: privateKey.privateKeyPem,
          subject: { commonName: certificate.name, organization: "pgharbor" },
          dnsNames: namesWithin(namespace, certificate.dnsNames),
          ipAddresses: certificate.ipAddresses,
        },
        opts,
      );
      const signed = new tls.LocallySignedCert(
        `${certificate.name}-certificate`,
        {
          certRequestPem: request.certRequestPem,
          caPrivateKeyPem: authority.privateKey,
          caCertPem: authority.certificate,
          allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
          ...validity(validityDays),
        },
        opts,
      );
      return [certificate.name, { certificate: signed.certPem, privateKey: privateKey.privateKeyPem }];
    }),
  );
}

/** Names with the namespace in its place. */
export const namesWithin = (namespace: pulumi.Output<string> | undefined, names: string[]): pulumi.Input<string>[] =>
  names.map((name) => {
    if (!name.includes(NAMESPACE_PLACEHOLDER) || namespace === undefined) return name;
    return namespace.apply((known) => name.replaceAll(NAMESPACE_PLACEHOLDER, known));
  });

/** Renewed by the first `up` in the last third of their life. */
const validity = (days: number) => ({
  validityPeriodHours: days * HOURS_A_DAY,
  earlyRenewalHours: Math.floor((days * HOURS_A_DAY) / 3),
});

/** All late values in one, so that each file is made by one `apply`. */
export function gatherLate(
  passwords: Record<string, pulumi.Input<string>>,
  certificates: Certificates,
  caCertificate: pulumi.Input<string>,
): pulumi.Output<Late> {
  return pulumi.secret(pulumi.output({ passwords, certificates, caCertificate })) as unknown as pulumi.Output<Late>;
}
