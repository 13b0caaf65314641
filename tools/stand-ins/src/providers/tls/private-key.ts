import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { ResourceType } from "../protocol/resource-type";
import { UNKNOWN, type Properties } from "../protocol/values";
import { opensshPrivateKey, sshPublicKey } from "./openssh";

const generate = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

/** OpenSSL's names of the curves that the official provider offers. */
const CURVES: { [name: string]: string } = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};
const ALGORITHMS = ["RSA", "ECDSA", "ED25519"];

export const privateKey: ResourceType = {
  inputs: {
    algorithm: { type: "string", required: true, replaces: true },
    ecdsaCurve: { type: "string", replaces: true, computed: true, otherwise: "P224" },
    rsaBits: { type: "number", replaces: true, computed: true, otherwise: 2048 },
  },
  outputs: {
    privateKeyPem: { secret: true },
    privateKeyPemPkcs8: { secret: true },
    privateKeyOpenssh: { secret: true },
    publicKeyPem: {},
    publicKeyOpenssh: {},
    publicKeyFingerprintMd5: {},
    publicKeyFingerprintSha256: {},
  },
  check: ({ algorithm, ecdsaCurve }) => {
    const oneOf = (property: string, value: unknown, allowed: string[]) =>
      value === undefined || value === UNKNOWN || allowed.includes(String(value))
        ? []
        : [{ property, reason: `must be one of ${allowed.join(", ")}, got ${String(value)}` }];
    return [...oneOf("algorithm", algorithm, ALGORITHMS), ...oneOf("ecdsaCurve", ecdsaCurve, Object.keys(CURVES))];
  },
  create: async (inputs) => {
    const pair = await generateFor(inputs);
    const der = pair.publicKey.export({ type: "spki", format: "der" });
    return { id: createHash("sha1").update(der).digest("hex"), outputs: { ...inputs, ...outputsOf(pair) } };
  },
};

function generateFor(inputs: Properties) {
  if (inputs.algorithm === "RSA") return generate("rsa", { modulusLength: Number(inputs.rsaBits) });
  if (inputs.algorithm === "ED25519") return generate("ed25519", {});
  return generate("ec", { namedCurve: CURVES[String(inputs.ecdsaCurve)] });
}

function outputsOf(pair: { publicKey: KeyObject; privateKey: KeyObject }): Properties {
  const pem = (type: string) => pair.privateKey.export({ type: type as "pkcs8", format: "pem" }) as string;
  // Each algorithm in its traditional form, as Go's crypto/x509 writes it; Ed25519 has none but PKCS #8.
  const traditional = { rsa: "pkcs1", ec: "sec1" }[pair.privateKey.asymmetricKeyType as string] ?? "pkcs8";
  const ssh = sshPublicKey(pair.publicKey);
  const md5 = ssh && createHash("md5").update(ssh.blob).digest("hex");
  return {
    privateKeyPem: pem(traditional),
    privateKeyPemPkcs8: pem("pkcs8"),
    privateKeyOpenssh: ssh ? opensshPrivateKey(pair.privateKey, ssh) : "",
    publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }) as string,
    publicKeyOpenssh: ssh ? `${ssh.type} ${ssh.blob.toString("base64")}\n` : "",
    publicKeyFingerprintMd5: md5 ? (md5.match(/../g) ?? []).join(":") : "",
    publicKeyFingerprintSha256: ssh ? `SHA256:${unpadded(createHash("sha256").update(ssh.blob).digest())}` : "",
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
