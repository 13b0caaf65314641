import { DatabaseError } from "pg";
import { ExplainedError, redact } from "../errors";
import { statement } from "../statement";
import { explainConnection } from "./explain-connection";
import { explainStatement } from "./explain-statement";
import { isTransient } from "./transient";
import { type SqlTarget, targetFromUrl } from "./target";

const target: SqlTarget = {
  host: "db.example",
  port: 5432,
  user: "admin",
  password: "p4ssw0rd",
  tls: { serverName: "pg" },
};
const failed = (message: string, code?: string, detail?: string): Error => {
  const error = new DatabaseError(message, 0, "error");
  return Object.assign(error, { code, detail });
};

describe("explainConnection", () => {
  it.each([
    [
      failed('no pg_hba.conf entry for host "10.0.0.9", user "admin", database "postgres", SSL encryption', "28000"),
      'db.example:5432: pg_hba.conf refuses this connection, got no pg_hba.conf entry for host "10.0.0.9", user "admin", database "postgres", SSL encryption; add a line such as: hostssl postgres admin <this machine\'s address>/32 scram-sha-256; then reload the server',
    ],
    [
      failed('role "admin" is not permitted to log in', "28000"),
      'db.example:5432: the admin user may not log in, got admin; run ALTER ROLE "admin" LOGIN as a superuser',
    ],
    [
      failed('password authentication failed for user "admin"', "28P01"),
      "db.example:5432: wrong user name or password, got user admin; check the admin user's name and password",
    ],
    [
      new Error("The server does not support SSL connections"),
      "db.example:5432: the server does not speak TLS, got no TLS; turn TLS on there (ssl = on, ssl_cert_file, ssl_key_file); an unencrypted connection is never made",
    ],
    [
      failed("self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"),
      "db.example:5432: the server's certificate is not signed by the given CA, got SELF_SIGNED_CERT_IN_CHAIN; give the PEM of the root CA that signed it, as tls.ca (the provider's cacert)",
    ],
    [
      failed("Hostname/IP does not match", "ERR_TLS_CERT_ALTNAME_INVALID"),
      "db.example:5432: the server's certificate is not for pg, got pg; connect by a name that the certificate has, or give that name as tls.serverName",
    ],
    [
      failed("certificate has expired", "CERT_HAS_EXPIRED"),
      "db.example:5432: the server's certificate is not valid now, got CERT_HAS_EXPIRED; renew it, or set the clocks right",
    ],
    [
      failed('database "postgres" does not exist', "3D000"),
      "db.example:5432: the database does not exist, got postgres; give one that exists as the target's database",
    ],
    [
      failed("connect ECONNREFUSED 10.0.0.1:5432", "ECONNREFUSED"),
      "db.example:5432: the server cannot be reached, got ECONNREFUSED (connect ECONNREFUSED 10.0.0.1:5432); check that it runs, that host and port are right, and that a firewall lets this machine in",
    ],
  ])("%s", (error, message) => {
    const explained = explainConnection(target, "postgres", error);
    expect(explained).toBeInstanceOf(ExplainedError);
    expect(explained.message).toBe(message);
  });

  it("never holds the password", () => {
    expect(explainConnection(target, "postgres", failed("who sent p4ssw0rd?")).message).not.toContain("p4ssw0rd");
  });
});

describe("explainStatement", () => {
  it("names the statement, the database, and the fix", () => {
    const s = statement('CREATE SCHEMA "x"', "", { database: "shop" });
    expect(explainStatement(s, failed("permission denied for database shop", "42501"), []).message).toBe(
      'shop: CREATE SCHEMA "x": the server refused the statement, got permission denied for database shop [42501]; give the admin user that right: WITH ADMIN OPTION on the role, membership in the owner, or superuser',
    );
  });

  it("keeps the server's detail and hint", () => {
    const error = Object.assign(failed('role "a" cannot be dropped', "2BP01", "owner of table t"), {
      hint: "Use DROP OWNED.",
    });
    expect(explainStatement(statement("DROP ROLE a", ""), error, []).message).toBe(
      'DROP ROLE a: the server refused the statement, got role "a" cannot be dropped (owner of table t) [2BP01]; remove what depends on it first; the server\'s hint: Use DROP OWNED.',
    );
    const unknown = Object.assign(failed("no", "P0001"), { hint: "Say please." });
    expect(explainStatement(statement("X", ""), unknown, []).fix).toBe("the server's hint: Say please.");
  });

  it("holds no verifier, nor a detail or a hint that may hold one", () => {
    const s = statement("ALTER ROLE a PASSWORD 'SCRAM-x'", "", {
      display: "ALTER ROLE a PASSWORD '***'",
      sensitive: true,
    });
    const error = Object.assign(failed('syntax error at "SCRAM-x"', "42601", "SCRAM-x"), { hint: "SCRAM-x" });
    const explained = explainStatement(s, error, ["SCRAM-x"]);
    expect(explained.message).toBe(
      `ALTER ROLE a PASSWORD '***': the server refused the statement, got syntax error at "***" [42601]; see the server's message`,
    );
  });
});

describe("isTransient", () => {
  it.each([
    [failed("could not serialize access", "40001"), true],
    [failed("deadlock detected", "40P01"), true],
    [failed("tuple concurrently updated", "XX000"), true],
    [failed("cache lookup failed", "XX000"), false],
    [failed("cannot execute CREATE ROLE in a read-only transaction", "25006"), true],
    [failed("the database system is starting up", "57P03"), true],
    [failed("terminating connection due to administrator command", "57P01"), true],
    [new Error("Connection terminated unexpectedly"), true],
    [failed("connect ECONNREFUSED", "ECONNREFUSED"), true],
    [failed("password authentication failed", "28P01"), false],
    [failed("permission denied", "42501"), false],
    [new ExplainedError({ path: "a", problem: "b", value: "c", fix: "d" }), false],
  ])("%s: %s", (error, expected) => expect(isTransient(error)).toBe(expected));
});

test("a target from a URL", () => {
  expect(targetFromUrl("postgres://al%40ice:p%2Fw@[::1]:5433/main", "PEM")).toEqual({
    host: "::1",
    port: 5433,
    user: "al@ice",
    password: "p/w",
    database: "main",
    tls: { ca: "PEM" },
  });
  expect(targetFromUrl("postgresql://u:p@h")).toEqual({ host: "h", port: 5432, user: "u", password: "p", tls: {} });
});

test("redact leaves short words alone and takes out every occurrence of the others", () => {
  expect(redact("a secret, the secret", ["secret", "a"])).toBe("a ***, the ***");
});
