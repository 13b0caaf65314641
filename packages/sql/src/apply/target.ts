/** How the server's certificate is checked. There is no way to turn the check off: use a CA that signed it. */
export interface TargetTls {
  /** PEM of the CA that signed the server's certificate. @default the CAs that Node trusts */
  ca?: string;
  /** The name that the certificate must have. @default the host */
  serverName?: string;
  /** PEM of a client certificate and its key, where pg_hba asks for one. */
  cert?: string;
  key?: string;
}

/** A server and the admin user that makes the changes. */
export interface SqlTarget {
  host: string;
  port: number;
  user: string;
  password: string;
  /** The database where shared objects are changed and the lock is held; the same for all who manage this cluster. @default postgres */
  database?: string;
  /** TLS, always with the certificate checked (verify-full). `false` only for a unix socket directory as `host`. @default {} */
  tls?: TargetTls | false;
  /** How long to wait until the server is reachable and writable, in ms. @default 120000 */
  readyTimeoutMs?: number;
  /** How long to wait for others that change the same cluster, in ms. @default 300000 */
  lockTimeoutMs?: number;
  /** One line for each thing that takes time. Never holds a secret. */
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
