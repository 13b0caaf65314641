import type { CredentialName } from "../model/credentials";
import type { PlannedPassword } from "../model/passwords";

/** Values that exist only after the engine has created them. The only source of secrets in files. */
export interface DeferredValues {
  passwords: Readonly<Record<PlannedPassword, string>>;
  /** By certificate name. */
  certificates: Readonly<Record<string, { certificate: string; privateKey: string }>>;
  caCertificate: string;
  /** Passphrase of the backups that a new cluster starts from; "" without a restore. */
  restorePassphrase: string;
  /** Credentials of object stores, by `credentialKey`; "" for those that the program does not give. */
  credentials: Readonly<Record<string, string>>;
  /** PEM of the authorities that sign identities. On Kubernetes without the store's. */
  authorities: Readonly<Partial<Record<IdentityAuthority, string>>>;
}

/**
 * Authorities of certificates between components, separate from the authority that clients trust: no server certificate and no external
 * certificate opens the store or Patroni's REST API.
 * `store` signs only etcd, `members` signs members, `checks` signs clients that check members' health, `backups` signs both sides of
 * pgBackRest.
 */
export type IdentityAuthority = "store" | "members" | "checks" | "backups";

/** Key of a credential of a repository, or of the backups that a new cluster starts from. */
export const credentialKey = (repository: string | undefined, name: CredentialName): string =>
  repository === undefined ? `restore.${name}` : `backups.${repository}.${name}`;
