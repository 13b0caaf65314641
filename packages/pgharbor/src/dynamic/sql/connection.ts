import { X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isOther, UNKNOWN } from "../provider/handler";
import type { SqlAccess, SqlServer } from "./sql-server";

/** Which server it is: no part of how it is reached. Without a way of the cluster's own, the address is all that tells it from others. */
const identity = ({ target, username, database, host, port, tunnel, container }: SqlServer) => ({
  target,
  username,
  database,
  address: tunnel === undefined && container === undefined ? { host, port } : undefined,
});

/** Whether a change is known to be one: what a preview does not know yet is no other server. */
export const isOtherServer = (old: SqlServer, next: SqlServer): boolean =>
  !isUnknown(next) && !isDeepStrictEqual(identity(old), identity(next));

/**
 * Whether it is another server, or another password of its admin. One that a preview does not know is none: password and authority are
 * known together, and it is the authority that is renewed.
 */
export const isOtherAccess = (old: SqlAccess, next: SqlAccess): boolean =>
  isOtherServer(old.server, next.server) || isOther(old.adminPassword, next.adminPassword);

/**
 * Whether what the state says still leads to the server: a refresh and a delete know nothing else. A way that is merely another one
 * is no change, so that a gateway more, or an authority that was renewed, touches no user and no database.
 */
export const leadsStill = (old: SqlServer, next: SqlServer): boolean =>
  isUnknown(next) ||
  (leadsBy(old, next) && nameOf(old) === nameOf(next) && verifiesStill(old.caCertificate, next.caCertificate));

const isUnknown = (server: SqlServer): boolean => (server as unknown) === UNKNOWN;
const nameOf = ({ serverName, host }: SqlServer): string => serverName ?? host;

function leadsBy(old: SqlServer, next: SqlServer): boolean {
  if (old.container === undefined || next.container === undefined)
    return old.container === next.container && isDeepStrictEqual(old.tunnel, next.tunnel);
  const { engine, port, containers } = next.container;
  const there = old.container.containers.some((container) => containers.includes(container));
  return there && old.container.engine === engine && old.container.port === port;
}

/** An authority keeps its key when it is renewed. Long before the former one ends, the new one is stored. */
const SPARE_DAYS = 365;

function verifiesStill(old: string, next: string): boolean {
  if (old === next) return true;
  try {
    const enough = Date.now() + SPARE_DAYS * 86_400_000;
    const former = authorities(old).filter(({ validTo }) => Date.parse(validTo) > enough);
    return authorities(next).every((one) => former.some((other) => keyOf(one) === keyOf(other)));
  } catch {
    return false; // not a certificate: whatever it is, it is stored
  }
}

const authorities = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [pem]).map(
    (one) => new X509Certificate(one),
  );
const keyOf = ({ subject, publicKey }: X509Certificate): string =>
  JSON.stringify([subject, publicKey.export({ type: "spki", format: "pem" })]);
