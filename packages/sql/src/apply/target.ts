/** Verification of the server's certificate. It cannot be turned off: use a CA that signed it. */
export interface TargetTls {
  /** PEM of the CA that signed the server's certificate. @default the CAs that Node trusts */
  ca?: string;
  /** The name that the certificate must have. @default the host */
  serverName?: string;
  /** PEM of a client certificate and its key, if pg_hba.conf requires one. */
  cert?: string;
  key?: string;
}

/** A server, and the admin user for changes. */
export interface SqlTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  /**
   * The database for changes of shared objects and for the lock; must be the same for all programs that manage this cluster.
   * @default postgres
   */
  database?: string;
  /** TLS, always with the certificate verified (verify-full). `false` only for a unix socket directory as `host`. @default {} */
  tls?: TargetTls | false;
  /** Maximum wait until the server is reachable and writable, in ms. @default 120000 */
  readyTimeoutMs?: number;
  /** Maximum wait for other programs that change the same cluster, in ms. @default 300000 */
  lockTimeoutMs?: number;
  /** Receives one line for each slow step. Never contains a secret. */
  onProgress?: (message: string) => void;
}

/** A target from a connection URL; `ca` is the PEM of the root CA. */
export function targetFromUrl(url: string, ca?: string): SqlTarget {
  const u = new URL(url);
  return {
    host: decodeURIComponent(u.hostname).replace(/^\[(.*)\]$/, "$1"),
    port: u.port === "" ? 5432 : Number(u.port),
    user: decodeURIComponent(u.username),
    password: decodeURIComponent(u.password),
    ...(u.pathname.length > 1 ? { database: decodeURIComponent(u.pathname.slice(1)) } : {}),
    tls: ca === undefined ? {} : { ca },
  };
}
