import { createHash, createHmac } from "node:crypto";
import { deterministicSalt, makeVerifier, normalisePassword, parseVerifier, verifyPassword } from "./scram";

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ b[i]));

describe("makeVerifier", () => {
  // The whole exchange of RFC 7677, section 3: both sides' proofs must follow from our keys.
  it("derives the keys of the example in RFC 7677", async () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    const { storedKey, serverKey } = parseVerifier(await makeVerifier("pencil", salt, 4096))!;
    const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const exchange = [
      "n=user,r=rOprNGfwEbeRWgbNEkqO",
      `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
      `c=biws,r=${nonce}`,
    ].join(",");
    expect(hmac(serverKey, exchange).toString("base64")).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    const clientKey = xor(
      Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64"),
      hmac(storedKey, exchange),
    );
    expect(createHash("sha256").update(clientKey).digest()).toEqual(storedKey);
  });

  it("gives an unchanged verifier for an unchanged password with a deterministic salt, and another one for another role", async () => {
    const a = deterministicSalt("cluster key", "alice");
    expect(a).toHaveLength(16);
    expect(await makeVerifier("pw", a)).toBe(await makeVerifier("pw", deterministicSalt("cluster key", "alice")));
    expect(deterministicSalt("cluster key", "bob")).not.toEqual(a);
    expect(deterministicSalt("other key", "alice")).not.toEqual(a);
  });

  it("takes a new salt when none is given", async () => {
    expect(await makeVerifier("pw")).not.toBe(await makeVerifier("pw"));
  });
});

describe("verifyPassword", () => {
  it.each([
    ["the same password", "s3cret", true],
    ["another one", "S3cret", false],
  ])("%s", async (_what, password, expected) => {
    expect(await verifyPassword(password, await makeVerifier("s3cret"))).toBe(expected);
  });

  it("uses the verifier's own iterations", async () => {
    const verifier = await makeVerifier("s3cret", Buffer.from("0123456789abcdef"), 15000);
    expect(verifier).toMatch(/^SCRAM-SHA-256\$15000:MDEyMzQ1Njc4OWFiY2RlZg==\$/);
    expect(await verifyPassword("s3cret", verifier)).toBe(true);
  });

  it.each(["", "md5c4ca4238a0b923820dcc509a6f75849b", "SCRAM-SHA-256$4096:c2FsdA==$short:short", "plain"])(
    "is false for what is no verifier: %j",
    async (text) => expect(await verifyPassword("s3cret", text)).toBe(false),
  );
});

describe("normalisePassword", () => {
  it.each([
    ["ASCII stays, control characters too", "a\tb", "a\tb"],
    ["a no-break space becomes a space", "a\u00a0b", "a b"],
    ["a soft hyphen goes (RFC 4013, example 1)", "I\u00adX", "IX"],
    ["compatibility forms are folded (RFC 4013, example 4)", "\u00aa", "a"],
    ["Roman numeral nine (RFC 4013, example 5)", "\u2168", "IX"],
    ["a prohibited character: the password as it is", "pässword\u0007\u00ad", "pässword\u0007\u00ad"],
    ["mixed directions (RFC 4013, example 7): the password as it is", "\u0627\u0031", "\u0627\u0031"],
    ["a character newer than Unicode 3.2: the password as it is", "\ufa6b", "\ufa6b"],
    ["nothing left: the password as it is", "\u00ad", "\u00ad"],
  ])("%s", (_what, password, expected) => {
    expect(normalisePassword(password).toString()).toBe(expected);
  });
});
