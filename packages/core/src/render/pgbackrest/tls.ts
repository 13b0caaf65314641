import { paths } from "../../names";

/** File names of pgBackRest's certificate and of the authority that both sides trust. */
export const backupFiles = {
  conf: "pgbackrest.conf",
  /** Of a member, for the backups that the cluster starts from. */
  restore: "restore.conf",
  identity: "backup",
  authority: "backup-ca.crt",
} as const;

export const CONF_PATH = `${paths.config}/${backupFiles.conf}`;
const certificate = `${paths.config}/${backupFiles.identity}.crt`;
const key = `${paths.config}/${backupFiles.identity}.key`;
const authority = `${paths.config}/${backupFiles.authority}`;

/** Options of the TLS server. Only the named certificates may use it, and only for this stanza. */
export const serverOptions = (stanza: string, clients: string[]): [string, string][] => [
  ["tls-server-address", "*"],
  ["tls-server-ca-file", authority],
  ["tls-server-cert-file", certificate],
  ["tls-server-key-file", key],
  ...clients.map((client): [string, string] => ["tls-server-auth", `${client}=${stanza}`]),
];

/** Options for connecting to another TLS server. `side`: `pg1`, `repo2`. */
export const hostOptions = (side: string, host: string): [string, string][] => [
  [`${side}-host`, host],
  [`${side}-host-type`, "tls"],
  [`${side}-host-config`, CONF_PATH],
  [`${side}-host-ca-file`, authority],
  [`${side}-host-cert-file`, certificate],
  [`${side}-host-key-file`, key],
];
