import { ExplainedError, type Explanation } from "../errors";
import { pooled } from "./pin";
import type { SqlTarget } from "./target";
import { type CodedError, coded, isOfPooler } from "./transient";
import { clean, FIXES } from "./explain-statement";

const WRONG_CA = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
]);

/** Explains a failed connection, with a fix. */
export function explainConnection(target: SqlTarget, database: string, error: unknown): ExplainedError {
  if (error instanceof ExplainedError) return error;
  const e = coded(error);
  const at = `${target.host}:${target.port}`;
  if (isOfPooler(e.message)) return pooled(at, e.message);
  const known = tlsProblem(target, at, e) ?? loginProblem(target, at, database, e);
  const problem: Explanation = known ??
    refusedProblem(at, e) ?? {
      path: at,
      problem: "the server cannot be reached",
      value: e.code === undefined ? e.message : `${e.code} (${e.message})`,
      fix: "check that it runs, that host and port are right, and that a firewall lets this machine in",
    };
  return new ExplainedError(clean(problem, [target.password]), e.code);
}

/** The server answered, so it was reached: only classes 08, 53 and 57 are about the connection. */
function refusedProblem(at: string, e: CodedError): Explanation | undefined {
  const { code = "" } = e;
  if (!/^(?!08|53|57)[0-9A-Z]{5}$/.test(code) || code === "EPIPE") return undefined;
  const value = `${e.message} [${code}]`;
  return { path: at, problem: "the server refused a query", value, fix: FIXES[code] ?? "see the server's message" };
}

function tlsProblem(target: SqlTarget, at: string, e: CodedError): Explanation | undefined {
  const name = (target.tls && target.tls.serverName) || target.host;
  if (/does not support SSL/.test(e.message)) {
    const fix = "turn TLS on there (ssl = on, ssl_cert_file, ssl_key_file); an unencrypted connection is never made";
    return { path: at, problem: "the server does not speak TLS", value: "no TLS", fix };
  }
  if (WRONG_CA.has(e.code ?? "")) {
    const problem = "the server's certificate is not signed by the given CA";
    return {
      path: at,
      problem,
      value: e.code ?? "",
      fix: "give the PEM of the root CA that signed it, as tls.ca (the provider's cacert)",
    };
  }
  if (e.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const fix = "connect by a name that the certificate has, or give that name as tls.serverName";
    return { path: at, problem: `the server's certificate is not for ${name}`, value: name, fix };
  }
  if (e.code === "CERT_HAS_EXPIRED" || e.code === "CERT_NOT_YET_VALID") {
    return {
      path: at,
      problem: "the server's certificate is not valid now",
      value: e.code,
      fix: "renew it, or set the clocks right",
    };
  }
  if (
    /certificate required|alert number 116|alert number 42|connection requires a valid client certificate/i.test(
      e.message,
    )
  ) {
    return {
      path: at,
      problem: "the server wants a client certificate",
      value: "none that it accepts",
      fix: "give tls.cert and tls.key",
    };
  }
  return undefined;
}

function loginProblem(target: SqlTarget, at: string, database: string, e: CodedError): Explanation | undefined {
  const user = target.user;
  switch (e.code) {
    case "28000": {
      if (/not permitted to log in/.test(e.message)) {
        return {
          path: at,
          problem: "the admin user may not log in",
          value: user,
          fix: `run ALTER ROLE "${user}" LOGIN as a superuser`,
        };
      }
      if (!/pg_hba/.test(e.message))
        return {
          path: at,
          problem: "the server refused the admin user",
          value: e.message,
          fix: "check the user's name",
        };
      const fix = `add a line such as: hostssl ${database} ${user} <this machine's address>/32 scram-sha-256; then reload the server`;
      return { path: at, problem: "pg_hba.conf refuses this connection", value: e.message, fix };
    }
    case "28P01":
      return {
        path: at,
        problem: "wrong user name or password",
        value: `user ${user}`,
        fix: "check the admin user's name and password",
      };
    case "3D000":
      return {
        path: at,
        problem: "the database does not exist",
        value: database,
        fix: "give one that exists as the target's database",
      };
    case "42501":
      return {
        path: at,
        problem: "the admin user may not connect to the database",
        value: `${user} to ${database}`,
        fix: `run GRANT CONNECT ON DATABASE "${database}" TO "${user}" as its owner`,
      };
    case "53300":
      if (/for database/.test(e.message))
        return {
          path: at,
          problem: "the database lets no more connections in",
          value: e.message,
          fix: `run ALTER DATABASE "${database}" CONNECTION LIMIT -1, or declare connlimit`,
        };
      return {
        path: at,
        problem: "the server has no free connection",
        value: e.message,
        fix: "raise max_connections or close sessions",
      };
    default:
      return undefined;
  }
}
