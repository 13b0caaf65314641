import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from "node:crypto";

/** Go's crypto/x509 uses this algorithm for keys of this curve. */
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** A private key in the form that WebCrypto needs for signing. */
export interface SigningKey {
  readonly algorithm: "ECDSA";
  readonly keys: { readonly privateKey: webcrypto.CryptoKey; readonly publicKey: webcrypto.CryptoKey };
  readonly signing: typeof SIGNING;
}

export async function signingKey(property: string, pem: string): Promise<SigningKey> {
  const key = parse(property, pem);
  const got = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  if (got !== "prime256v1") throw new Error(`${property}: the stand-in signs only with ECDSA P256, got ${got}`);
  return { algorithm: "ECDSA", keys: await imported(key), signing: SIGNING };
}

function parse(property: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's reason may quote the text, which is a key.
    throw new Error(`${property}: not a private key in PEM format`);
  }
}

async function imported(key: KeyObject) {
  const jwk = key.export({ format: "jwk" }) as webcrypto.JsonWebKey;
  const open = createPublicKey(key).export({ format: "jwk" }) as webcrypto.JsonWebKey;
  const parameters = { name: "ECDSA", namedCurve: "P-256" };
  return {
    privateKey: await webcrypto.subtle.importKey("jwk", jwk, parameters, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("jwk", open, parameters, true, ["verify"]),
  };
}
