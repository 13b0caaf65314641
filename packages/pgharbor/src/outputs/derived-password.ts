import { hkdfSync } from "node:crypto";

/**
 * 32 letters and digits for each name, derived from one random seed. The same seed gives the same passwords, and no password can be
 * computed from another one.
 */
export function derivedPassword(seed: string, name: string): string {
  const bytes = Buffer.from(hkdfSync("sha256", seed, "pgharbor", name, 64));
  // 64 bytes of base64 without + / = always leave more than 32 characters.
  return bytes
    .toString("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 32);
}
