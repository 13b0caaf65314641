import { createHash, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { CheckFailure, ResourceType } from "../protocol/resource-type";
import { UNKNOWN, type Value } from "../protocol/values";

const generate = promisify(generateKeyPair);

/** Only the keys that pgharbor declares. The official provider has others, too. */
export const privateKey: ResourceType = {
  inputs: {
    algorithm: { type: "string", required: true, replaces: true },
    ecdsaCurve: { type: "string", required: true, replaces: true },
  },
  outputs: {
    privateKeyPem: { secret: true },
    publicKeyPem: {},
  },
  check: ({ algorithm, ecdsaCurve }) => [
    ...only("algorithm", algorithm, "ECDSA"),
    ...only("ecdsaCurve", ecdsaCurve, "P256"),
  ],
  create: async (inputs) => {
    const pair = await generate("ec", { namedCurve: "prime256v1" });
    const der = pair.publicKey.export({ type: "spki", format: "der" });
    const outputs = {
      ...inputs,
      // The traditional format, as Go's crypto/x509 writes it.
      privateKeyPem: pair.privateKey.export({ type: "sec1", format: "pem" }) as string,
      publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }) as string,
    };
    return { id: createHash("sha1").update(der).digest("hex"), outputs };
  },
};

const only = (property: string, value: Value | undefined, served: string): CheckFailure[] =>
  value === UNKNOWN || value === served
    ? []
    : [{ property, reason: `the stand-in serves only ${served}, got ${String(value)}` }];
