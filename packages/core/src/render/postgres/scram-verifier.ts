import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** PostgreSQL's default (scram_iterations). */
const ITERATIONS = 4096;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** By user and password. One takes a millisecond, and the files of all members ask for the same. */
const verifiers = new Map<string, string>();

/**
 * PostgreSQL's stored form of a password (RFC 5802, RFC 7677), so that no password gets into a server or its log. The salt is derived from
 * the password, so that the file stays the same; it need not be random, because these passwords are.
 */
export function scramVerifier(user: string, password: string): string {
  if (!/^[\x20-\x7e]+$/.test(password))
    throw new Error(`the password of ${user} must be of printable ASCII characters`);
  const key = `${user}\0${password}`;
  const verifier = verifiers.get(key) ?? deriveVerifier(user, password);
  verifiers.set(key, verifier);
  return verifier;
}

function deriveVerifier(user: string, password: string): string {
  const salt = createHmac("sha256", password).update(`pgharbor:${user}`).digest().subarray(0, SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
