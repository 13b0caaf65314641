import { hkdfSync } from "node:crypto";

/** 32 letters and digits for each name, out of one random seed: the same seed gives the same passwords, and one tells nothing of another. */
export function derivedPassword(seed: string, name: string): string {
  const bytes = Buffer.from(hkdfSync("sha256", seed, "pgharbor", name, 64));
  // Base64 without its three other characters; 64 bytes leave far more than 32.
  return bytes
    .toString("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, 32);
}
