import type * as pulumi from "@pulumi/pulumi";
import { required, type IdentityAuthority, type PlannedIdentity } from "@pgharbor/core";
import { makeAuthority, makeCertificates, type Authority, type Certificates } from "./authority";

/** What components of a cluster prove themselves with to each other, also where somebody brings the servers' certificates. */
export interface IdentitySource {
  /** PEM of each authority. */
  authorities: Partial<Record<IdentityAuthority, pulumi.Output<string>>>;
  /** Of the cluster's own containers. */
  certificates: Certificates;
  /** Of a service that is added later. */
  more(added: PlannedIdentity[], opts: pulumi.CustomResourceOptions): Certificates;
}

export interface IdentitiesArgs {
  name: string;
  identities: PlannedIdentity[];
  validityDays: number;
}

/** An authority for each kind of component, so that what one may do is never what another may. */
export function makeIdentities(args: IdentitiesArgs, opts: pulumi.CustomResourceOptions): IdentitySource {
  const { name, identities, validityDays } = args;
  const kinds = [...new Set(identities.map(({ authority }) => authority))];
  const authorities = new Map<IdentityAuthority, Authority>(
    kinds.map((kind) => [kind, makeAuthority(`${name}-ca-${kind}`, `${name} ${kind} authority`, validityDays, opts)]),
  );
  const make = (planned: PlannedIdentity[], its: pulumi.CustomResourceOptions): Certificates =>
    Object.fromEntries(
      planned.flatMap((one) => {
        const authority = required(authorities.get(one.authority), `the authority of ${one.authority}`);
        return Object.entries(makeIdentity(authority, one, validityDays, its));
      }),
    );
  return {
    authorities: Object.fromEntries([...authorities].map(([kind, { certificate }]) => [kind, certificate])),
    certificates: make(identities, opts),
    more: make,
  };
}

function makeIdentity(
  authority: Authority,
  planned: PlannedIdentity,
  validityDays: number,
  opts: pulumi.CustomResourceOptions,
): Certificates {
  const isServer = planned.dnsNames.length > 0;
  const uses = isServer ? (["server_auth", "client_auth"] as const) : (["client_auth"] as const);
  return makeCertificates(authority, [{ ...planned, uses: [...uses] }], validityDays, opts);
}
