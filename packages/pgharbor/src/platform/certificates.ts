import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE_PLACEHOLDER, type PlannedCertificate, type ResolvedService } from "@pgharbor/core";
import { createAuthority, createCertificates, type Certificates } from "./authority";

export type { Certificates } from "./authority";

/** Source of the certificates that clients see. */
export interface CertificateSource {
  /** PEM of the authority with which clients verify the certificates. */
  caCertificate: pulumi.Output<string>;
  /** Certificates of the cluster's own containers. */
  certificates: Certificates;
  /** Creates the certificates of a service that is added later. */
  createAdded(added: AddedCertificates, opts: pulumi.CustomResourceOptions): Certificates;
}

export interface AddedCertificates {
  certificates: PlannedCertificate[];
  service: ResolvedService;
}

export interface AuthorityArgs {
  name: string;
  certificates: PlannedCertificate[];
  validityDays: number;
  /** Replaces `{namespace}` in names. */
  namespace?: pulumi.Output<string>;
}

/** Creates the cluster's own authority. It signs only server certificates. */
export function createOwnAuthority(args: AuthorityArgs, opts: pulumi.CustomResourceOptions): CertificateSource {
  const { name, validityDays, namespace } = args;
  const authority = createAuthority(`${name}-ca`, `${name} certificate authority`, validityDays, opts);
  const create = (planned: PlannedCertificate[], createOpts: pulumi.CustomResourceOptions): Certificates => {
    const contents = planned.map((one) => ({
      ...one,
      commonName: one.name,
      dnsNames: resolveNamespace(namespace, one.dnsNames),
      uses: ["server_auth" as const],
    }));
    return createCertificates(authority, contents, validityDays, createOpts);
  };
  return {
    caCertificate: authority.certificate,
    certificates: create(args.certificates, opts),
    createAdded: (added, addedOpts) => create(added.certificates, addedOpts),
  };
}

/** Replaces the placeholder of the namespace in names. */
export const resolveNamespace = (
  namespace: pulumi.Output<string> | undefined,
  names: string[],
): pulumi.Input<string>[] =>
  names.map((name) => {
    if (!name.includes(NAMESPACE_PLACEHOLDER) || namespace === undefined) return name;
    return namespace.apply((known) => name.replaceAll(NAMESPACE_PLACEHOLDER, known));
  });
