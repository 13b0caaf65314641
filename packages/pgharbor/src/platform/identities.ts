import type * as pulumi from "@pulumi/pulumi";
import { required, type IdentityAuthority, type PlannedIdentity } from "@pgharbor/core";
import { createAuthority, createCertificates, type Authority, type Certificates } from "./authority";

/** Client certificates of a cluster's components for each other. They are created even if the server certificates are external. */
export interface IdentitySource {
  /** PEM of each authority. */
  authorities: Partial<Record<IdentityAuthority, pulumi.Output<string>>>;
  /** Certificates of the cluster's own containers. */
  certificates: Certificates;
  /** Creates the certificates of a service that is added later. */
  createAdded(added: PlannedIdentity[], opts: pulumi.CustomResourceOptions): Certificates;
}

export interface IdentitiesArgs {
  name: string;
  identities: PlannedIdentity[];
  validityDays: number;
}

/** Creates an authority for each kind of component, so that no component has another's access. */
export function createIdentities(args: IdentitiesArgs, opts: pulumi.CustomResourceOptions): IdentitySource {
  const { name, identities, validityDays } = args;
  const kinds = [...new Set(identities.map(({ authority }) => authority))];
  const authorities = new Map<IdentityAuthority, Authority>(
    kinds.map((kind) => [kind, createAuthority(`${name}-ca-${kind}`, `${name} ${kind} authority`, validityDays, opts)]),
  );
  const create = (planned: PlannedIdentity[], createOpts: pulumi.CustomResourceOptions): Certificates =>
    Object.fromEntries(
      planned.flatMap((one) => {
        const authority = required(authorities.get(one.authority), `the authority of ${one.authority}`);
        return Object.entries(createIdentity(authority, one, validityDays, createOpts));
      }),
    );
  return {
    authorities: Object.fromEntries([...authorities].map(([kind, { certificate }]) => [kind, certificate])),
    certificates: create(identities, opts),
    createAdded: create,
  };
}

function createIdentity(
  authority: Authority,
  planned: PlannedIdentity,
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
): Certificates {
  const isServer = planned.dnsNames.length > 0;
  const uses = isServer ? (["server_auth", "client_auth"] as const) : (["client_auth"] as const);
  return createCertificates(authority, [{ ...planned, uses: [...uses] }], validityDays, opts);
}
