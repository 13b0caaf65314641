import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE_PLACEHOLDER, type PlannedCertificate, type ResolvedService } from "@pgharbor/core";
import { makeAuthority, makeCertificates, type Certificates } from "./authority";

export type { Certificates } from "./authority";

/** Where the certificates that clients see come from. */
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
  service: ResolvedService;
}

export interface AuthorityArgs {
  name: string;
  certificates: PlannedCertificate[];
  validityDays: number;
  /** What `{namespace}` stands for in names. */
  namespace?: pulumi.Output<string>;
}

/** An authority of the cluster's own. What it signs is for servers alone. */
export function ownAuthority(args: AuthorityArgs, opts: pulumi.CustomResourceOptions): CertificateSource {
  const { name, validityDays, namespace } = args;
  const authority = makeAuthority(`${name}-ca`, `${name} certificate authority`, validityDays, opts);
  const make = (planned: PlannedCertificate[], its: pulumi.CustomResourceOptions): Certificates => {
    const contents = planned.map((one) => ({
      ...one,
      commonName: one.name,
      dnsNames: namesWithin(namespace, one.dnsNames),
      uses: ["server_auth" as const],
    }));
    return makeCertificates(authority, contents, validityDays, its);
  };
  return {
    caCertificate: authority.certificate,
    certificates: make(args.certificates, opts),
    more: (added, its) => make(added.certificates, its),
  };
}

/** Names with the namespace in its place. */
export const namesWithin = (namespace: pulumi.Output<string> | undefined, names: string[]): pulumi.Input<string>[] =>
  names.map((name) => {
    if (!name.includes(NAMESPACE_PLACEHOLDER) || namespace === undefined) return name;
    return namespace.apply((known) => name.replaceAll(NAMESPACE_PLACEHOLDER, known));
  });
