import { deferred } from "../../../../../test/support/planned-by-hand";
import { renderPostInitSql } from "./post-init-sql";
import { scramVerifier } from "./scram-verifier";

test("the verifier equals that of another implementation for the same salt", () => {
  // Python: hashlib.pbkdf2_hmac("sha256", b"pencil", salt, 4096) and hmac, with salt = HMAC("pencil", "pgharbor:…")[:16].
  expect(scramVerifier("pgharbor_admin", "pencil")).toBe(
    "SCRAM-SHA-256$4096:XzxCAZULo1EU3Hr8IN1JUw==$zkQtDXsoV1M2NF3RGoPfIieFXfq6KMC91Wt+4SIKENg=:UauEXtNk9WIIkYdJM6Ky0OQ0TBuzvZkdTLRBU33gWoA=",
  );
});

test("a password that SCRAM would change is refused, and not shown", () => {
  expect(() => scramVerifier("x", "pässword")).toThrow(/^the password of x must be of printable ASCII characters$/);
});

test("the SQL has no password, logs none, and creates no superuser", () => {
  const sql = renderPostInitSql(deferred);
  for (const password of Object.values(deferred.passwords)) expect(sql).not.toContain(password);
  expect(sql.indexOf("log_min_error_statement")).toBeLessThan(sql.indexOf("CREATE ROLE"));
  expect(sql).not.toMatch(/\bSUPERUSER\b/);
});
