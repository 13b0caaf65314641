import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from "node:crypto";

/** A private key in the two forms that signing needs: Node's own, and WebCrypto's with the hash that fits the key. */
export interface SigningKey {
  readonly algorithm: "RSA" | "ECDSA" | "ED25519";
  readonly keys: { readonly privateKey: webcrypto.CryptoKey; readonly publicKey: webcrypto.CryptoKey };
  readonly signing: { readonly name: string; readonly hash: string };
}

/** The hashes that Go's crypto/x509 takes for each curve. */
const CURVES: { [openssl: string]: { namedCurve: string; hash: string } } = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

export async function signingKey(property: string, pem: string): Promise<SigningKey> {
  const key = parse(property, pem);
  if (key.asymmetricKeyType === "rsa") {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { algorithm: "RSA", keys: await imported(key, algorithm), signing: algorithm };
  }
  if (key.asymmetricKeyType === "ed25519") {
    return {
      algorithm: "ED25519",
      keys: await imported(key, { name: "Ed25519" }),
      signing: { name: "Ed25519", hash: "" },
    };
  }
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (!curve) {
    const got = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
    throw new Error(`${property}: the stand-in signs with RSA, ED25519 and ECDSA P256, P384, P521, got ${got}`);
  }
  const keys = await imported(key, { name: "ECDSA", namedCurve: curve.namedCurve });
  return { algorithm: "ECDSA", keys, signing: { name: "ECDSA", hash: curve.hash } };
}

function parse(property: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The reason that OpenSSL gives may quote the text, which is a key.
    throw new Error(`${property}: not a private key in PEM format`);
  }
}

async function imported(key: KeyObject, algorithm: { name: string; hash?: string; namedCurve?: string }) {
  const jwk = key.export({ format: "jwk" }) as webcrypto.JsonWebKey;
  const open = createPublicKey(key).export({ format: "jwk" }) as webcrypto.JsonWebKey;
  const parameters = algorithm as webcrypto.EcKeyImportParams;
  return {
    privateKey: await webcrypto.subtle.importKey("jwk", jwk, parameters, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("jwk", open, parameters, true, ["verify"]),
  };
}
