import { ExplainedError } from "@pgharbor/core";

/** An error of the client library, from the API server or from the connection. */
interface ApiError {
  message?: string;
  /** The HTTP status, or the system's error code. */
  code?: number | string;
  name?: string;
  /** The server's Status object, or the text of the response. */
  body?: unknown;
  /** Set where a WebSocket could not be opened. */
  error?: { message?: string; code?: string };
}

const TRANSIENT_CODES = new Set<unknown>([
  429,
  500,
  502,
  503,
  504,
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/** The HTTP status of a response, or the system's error code of a failed connection. */
export function codeOf(error: unknown): number | string | undefined {
  const { code, error: inner, message } = error as ApiError;
  // ws gives the status of a refused WebSocket only in the message.
  const refused = /Unexpected server response: (\d{3})/.exec(inner?.message ?? message ?? "");
  return refused === null ? (code ?? inner?.code) : Number(refused[1]);
}

/** A retry a moment later may succeed. */
export const isTransient = (error: unknown): boolean => TRANSIENT_CODES.has(codeOf(error));

const messageOf = ({ body, error, message }: ApiError): string => {
  const status = typeof body === "string" ? parsed(body) : body;
  const reported = (status as { message?: string } | undefined)?.message;
  const [line = ""] = (reported ?? error?.message ?? message ?? "").split("\n");
  return line === "" ? "no reason given" : line;
};

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return { message: body };
  }
}

/** Explains why a request failed, and how to fix it. */
export function explainApi(server: string, what: string, error: unknown): Error {
  if (error instanceof ExplainedError) return error;
  const code = codeOf(error);
  const path = `Kubernetes API server ${server}`;
  const value = messageOf(error as ApiError);
  if (typeof code === "number") return new ExplainedError({ path, ...explainStatus(code, what), value }, String(code));
  const noAnswer = {
    path,
    problem: `could not ${what}: it does not answer`,
    value: (error as ApiError).name === "AbortError" ? "no answer in time" : value,
    fix: "check that it runs, that this machine can connect to it, and that the kubeconfig and the context are the right ones",
  };
  return new ExplainedError(noAnswer);
}

function explainStatus(code: number, what: string): { problem: string; fix: string } {
  const refused = `could not ${what} (status ${code})`;
  if (code === 401)
    return { problem: `does not accept the credentials, so could not ${what}`, fix: "renew those of the kubeconfig" };
  if (code === 403)
    return { problem: `may not ${what}`, fix: "give the kubeconfig's user that right, or change what forbids it" };
  if (code === 404)
    return { problem: `could not ${what}: it is not there`, fix: "check the namespace and that the name exists" };
  return {
    problem: refused,
    fix: "correct what the message says, or check whether the server is overloaded or failing",
  };
}

/** The error for an object that is written to a namespace that does not exist. */
export function missingNamespace(namespace: string): Error {
  const fix = "create the namespace first, or give the name of one that exists as kubernetes.namespace";
  const problem = "there is no such namespace";
  return new ExplainedError({ path: "kubernetes.namespace", problem, value: JSON.stringify(namespace), fix });
}
