import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { saslprep } from "./saslprep";

const deriveKey = promisify(pbkdf2);

/** PostgreSQL's default (scram_iterations since 16, a constant before): the same cost as a password hashed by the server. */
export const SCRAM_ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** The parts of pg_authid.rolpassword: SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>. */
export interface ScramVerifier {
  iterations: number;
  salt: Buffer;
  storedKey: Buffer;
  serverKey: Buffer;
}

/** The bytes from which PostgreSQL derives keys: the SASLprep form of a password, or the unchanged password where SASLprep refuses it. */
export function normalisePassword(password: string): Buffer {
  return Buffer.from(saslprep(password) ?? password);
}

async function keysOf(
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<Pick<ScramVerifier, "storedKey" | "serverKey">> {
  const salted = await deriveKey(normalisePassword(password), salt, iterations, KEY_BYTES, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  return {
    storedKey: createHash("sha256").update(clientKey).digest(),
    serverKey: createHmac("sha256", salted).update("Server Key").digest(),
  };
}

/**
 * A salt that depends only on the function's inputs, so that an unchanged password gives an unchanged verifier. `key`
 * must be secret and different for each cluster.
 */
export function deterministicSalt(key: string, roleName: string): Buffer {
  return createHmac("sha256", key).update(roleName).digest().subarray(0, SALT_BYTES);
}

/** The SCRAM-SHA-256 verifier of a password (RFC 5802, RFC 7677), as text that ALTER ROLE ... PASSWORD stores unchanged. */
export async function makeVerifier(
  password: string,
  salt: Buffer = randomBytes(SALT_BYTES),
  iterations: number = SCRAM_ITERATIONS,
): Promise<string> {
  const { storedKey, serverKey } = await keysOf(password, salt, iterations);
  const base64 = (b: Buffer): string => b.toString("base64");
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`;
}

type Three<T> = [T, T, T];

/** The parts of a verifier, or null for other text (an MD5 hash, for example). */
export function parseVerifier(text: string): ScramVerifier | null {
  const match = /^SCRAM-SHA-256\$(\d{1,9}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/.exec(text);
  if (!match || Number(match[1]) < 1) return null;
  const [salt, storedKey, serverKey] = [2, 3, 4].map((i) => Buffer.from(match[i] ?? "", "base64")) as Three<Buffer>;
  return { iterations: Number(match[1]), salt, storedKey, serverKey };
}

/** True if a stored verifier belongs to this password; uses the verifier's salt and iterations. */
export async function verifyPassword(password: string, verifier: string): Promise<boolean> {
  const parsed = parseVerifier(verifier);
  if (!parsed) return false;
  const { storedKey, serverKey } = await keysOf(password, parsed.salt, parsed.iterations);
  return timingSafeEqual(storedKey, parsed.storedKey) && timingSafeEqual(serverKey, parsed.serverKey);
}
