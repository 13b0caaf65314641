import { randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";

/** SSH's names of the curves; it has none for P-224. */
const CURVES: { [jwk: string]: string } = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
const BLOCK = 8;

export interface SshPublicKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** The wire form of RFC 4253; `undefined` for a key that SSH does not know. */
export function sshPublicKey(key: KeyObject): SshPublicKey | undefined {
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  if (jwk.kty === "RSA") return blobOf("ssh-rsa", mpint(bytes(jwk.e)), mpint(bytes(jwk.n)));
  if (jwk.kty === "OKP") return blobOf("ssh-ed25519", text(bytes(jwk.x)));
  const curve = CURVES[jwk.crv ?? ""];
  return curve === undefined ? undefined : blobOf(`ecdsa-sha2-${curve}`, text(curve), text(point(jwk)));
}

/** The unencrypted `openssh-key-v1` container (PROTOCOL.key of OpenSSH). */
export function opensshPrivateKey(key: KeyObject, ssh: SshPublicKey): string {
  const check = randomBytes(4);
  const body = Buffer.concat([check, check, text(ssh.type), privateFields(key.export({ format: "jwk" })), text("")]);
  const padding = Buffer.from(Array.from({ length: (BLOCK - (body.length % BLOCK)) % BLOCK }, (_, i) => i + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const none = [text("none"), text("none"), text("")];
  const magic = Buffer.from("openssh-key-v1\0", "latin1");
  const all = Buffer.concat([magic, ...none, count, text(ssh.blob), text(Buffer.concat([body, padding]))]);
  const lines = all.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function privateFields(jwk: JsonWebKey): Buffer {
  if (jwk.kty === "RSA") {
    return Buffer.concat([jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map((number) => mpint(bytes(number))));
  }
  if (jwk.kty === "OKP") return Buffer.concat([text(bytes(jwk.x)), text(Buffer.concat([bytes(jwk.d), bytes(jwk.x)]))]);
  return Buffer.concat([text(CURVES[jwk.crv ?? ""] ?? ""), text(point(jwk)), mpint(bytes(jwk.d))]);
}

function blobOf(type: string, ...fields: Buffer[]): SshPublicKey {
  return { type, blob: Buffer.concat([text(type), ...fields]) };
}

function point(jwk: JsonWebKey): Buffer {
  return Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
}

function bytes(field: string | undefined): Buffer {
  return Buffer.from(field ?? "", "base64url");
}

function text(value: string | Buffer): Buffer {
  const content = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** A positive big number: no leading zeros, except one before a set top bit. */
function mpint(value: Buffer): Buffer {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start++;
  const trimmed = value.subarray(start);
  return text((trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}
