import type { PlannedPassword } from "../model/passwords";

/** Values that exist only once the engine has made them. The one door through which secrets enter a file. */
export interface DeferredValues {
  passwords: Readonly<Record<PlannedPassword, string>>;
  /** By certificate name. */
  certificates: Readonly<Record<string, { certificate: string; privateKey: string }>>;
  caCertificate: string;
  /** PEM of the authorities that sign identities. Without the store's on Kubernetes. */
  authorities: Readonly<Partial<Record<IdentityAuthority, string>>>;
}

/**
 * Who signs what a component proves itself with to others, apart from the authority that clients know: no certificate of a
 * server, and none that somebody brings along, opens the store or Patroni's REST interface.
 * `store` signs etcd alone, `members` signs members, `checks` signs what asks members how they are.
 */
export type IdentityAuthority = "store" | "members" | "checks";
