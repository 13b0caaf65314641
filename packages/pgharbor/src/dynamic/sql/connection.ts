import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isOther, UNKNOWN } from "../provider/handler";
import type { SqlAccess, SqlServer } from "./sql-server";

/**
 * Identifies a server, not a connection to it. The address identifies the server only if there is neither a tunnel nor
 * a container.
 */
const identity = ({ target, username, database, host, port, tunnel, container }: SqlServer) => ({
  target,
  username,
  database,
  address: tunnel === undefined && container === undefined ? { host, port } : undefined,
});

/** A server that a preview does not know yet is no other server. */
export const isOtherServer = (old: SqlServer, next: SqlServer): boolean =>
  !isUnknown(next) && !isDeepStrictEqual(identity(old), identity(next));

/**
 * True for another server or another admin password. A password that a preview does not know is no change: password and authority
 * become known together, and the authority is what was renewed.
 */
export const isOtherAccess = (old: SqlAccess, next: SqlAccess): boolean =>
  isOtherServer(old.server, next.server) || isOther(old.adminPassword, next.adminPassword);

/**
 * True where the connection in the state still works: a refresh and a delete know no other. Another connection alone is no change,
 * so that an added gateway or a renewed authority touches no user and no database.
 */
export const stillConnects = (old: SqlServer, next: SqlServer): boolean =>
  isUnknown(next) ||
  (hasSameRoute(old, next) && nameOf(old) === nameOf(next) && stillVerifies(old.caCertificate, next.caCertificate));

const isUnknown = (server: SqlServer): boolean => (server as unknown) === UNKNOWN;
const nameOf = ({ serverName, host }: SqlServer): string => serverName ?? host;

function hasSameRoute(old: SqlServer, next: SqlServer): boolean {
  if (old.container === undefined || next.container === undefined)
    return old.container === next.container && isDeepStrictEqual(old.tunnel, next.tunnel);
  const { engine, port, containers } = next.container;
  const isShared = old.container.containers.some((container) => containers.includes(container));
  return isShared && old.container.engine === engine && old.container.port === port;
}

/** A renewed authority keeps its key. The new certificate is stored this long before the former one expires. */
const SPARE_DAYS = 365;

function stillVerifies(old: string, next: string): boolean {
  if (old === next) return true;
  try {
    const enough = Date.now() + SPARE_DAYS * 86_400_000;
    const former = authorities(old).filter(({ validTo }) => Date.parse(validTo) > enough);
    return authorities(next).every((one) => former.some((other) => keyOf(one) === keyOf(other)));
  } catch {
    return false; // not a certificate, so it is stored
  }
}

const authorities = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [pem]).map(
    (one) => new X509Certificate(one),
  );
const keyOf = ({ subject, publicKey }: X509Certificate): string =>
  JSON.stringify([subject, publicKey.export({ type: "spki", format: "pem" })]);
