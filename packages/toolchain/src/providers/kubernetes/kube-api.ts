import * as http from "node:http";
import * as https from "node:https";
import { asInPrograms, asTheServerHasIt } from "./schema-keys";
import { Kinds } from "./kinds";
import { idOf, listAt, nameOf, namespaceOf, textAt, type KubeObject } from "./kube-object";
import type { Properties, Value } from "../protocol/values";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root of the server, without a query. */
  readonly path: string;
  readonly query?: { readonly [name: string]: string | undefined };
  readonly body?: Value;
  readonly contentType?: string;
}

export type ApiRequest = (request: Request) => Promise<Properties>;

/** The server's refusal, with its own words. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly status: Properties,
  ) {
    super(textAt(status, "message") || `the API server answered with status ${code}`);
  }

  get reason(): string {
    return textAt(this.status, "reason");
  }
}

/** No answer at all, as opposed to a refusal. */
export class Unreachable extends Error {}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** The namespace of what is to be made is missing, rather than the thing itself. */
export function isNamespaceMissing(error: unknown): boolean {
  return isMissing(error) && textAt((error as ApiError).status, "details", "kind") === "namespaces";
}

export function hasReason(error: unknown, ...reasons: string[]): boolean {
  return error instanceof ApiError && reasons.includes(error.reason);
}

export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** Kubernetes' API for objects of any kind, as plain JSON: typed clients drop what they do not know. */
export class KubeApi {
  readonly kinds: Kinds;

  constructor(readonly request: ApiRequest) {
    this.kinds = new Kinds(request);
  }

  async get(object: KubeObject, name = nameOf(object)): Promise<KubeObject> {
    return this.request({ method: "GET", path: await this.kinds.objectUrl(object, name) });
  }

  async list(apiVersion: string, kind: string, namespace: string, query: Request["query"] = {}): Promise<KubeObject[]> {
    const path = await this.kinds.collectionUrl(apiVersion, kind, namespace);
    return listAt(await this.request({ method: "GET", path, query }), "items");
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.kinds.collectionUrl(
      textAt(object, "apiVersion"),
      textAt(object, "kind"),
      namespaceOf(object),
    );
    return this.request({ method: "POST", path, query: writeQuery(options), body: object });
  }

  async apply(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    return this.request({
      method: "PATCH",
      path: await this.kinds.objectUrl(object, nameOf(object)),
      query: { ...writeQuery(options), force: options.force ? "true" : "false" },
      body: object,
      // JSON is YAML, and this is the only media type that server-side apply takes.
      contentType: "application/apply-patch+yaml",
    });
  }

  async patch(object: KubeObject, operations: Value[]): Promise<KubeObject> {
    return this.request({
      method: "PATCH",
      path: await this.kinds.objectUrl(object, nameOf(object)),
      body: operations,
      contentType: "application/json-patch+json",
    });
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.kinds.objectUrl(object, nameOf(object));
    return this.request({ method: "PUT", path, query: writeQuery(options), body: object });
  }

  async delete(object: KubeObject, propagationPolicy: string): Promise<void> {
    const path = await this.kinds.objectUrl(object, nameOf(object));
    await this.request({ method: "DELETE", path, body: { propagationPolicy } });
  }

  /** What the cluster has reported of an object, the newest last. */
  async warningsOf(object: KubeObject): Promise<KubeObject[]> {
    const uid = textAt(object, "metadata", "uid");
    const events = await this.list("v1", "Event", namespaceOf(object), {
      fieldSelector: `involvedObject.uid=${uid},type=Warning`,
    });
    const timeOf = (event: KubeObject) => textAt(event, "lastTimestamp") || textAt(event, "eventTime");
    return events.sort((left, right) => timeOf(left).localeCompare(timeOf(right)));
  }
}

function writeQuery({ fieldManager, dryRun }: WriteOptions) {
  return { fieldManager, dryRun: dryRun ? "All" : undefined };
}

/** How a request is authenticated and where it goes, made anew for each one since credentials expire. */
export type RequestTarget = () => Promise<{ readonly server: string; readonly options: https.RequestOptions }>;

export function requestThrough(target: RequestTarget): ApiRequest {
  return async (request) => {
    const { server, options } = await target();
    const body = request.body === undefined ? undefined : asTheServerHasIt(request.body);
    return asInPrograms(await send(server, options, { ...request, body }));
  };
}

function send(server: string, options: https.RequestOptions, request: Request): Promise<Properties> {
  const url = new URL(server.replace(/\/$/, "") + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) if (value) url.searchParams.set(name, value);
  const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers: http.OutgoingHttpHeaders = {
    ...(options.headers as http.OutgoingHttpHeaders),
    Accept: "application/json",
  };
  if (body) {
    headers["Content-Type"] = request.contentType ?? "application/json";
    headers["Content-Length"] = body.length;
  }
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(new Unreachable(`cannot reach ${url.origin}: ${error.message}`));
    const transport = url.protocol === "http:" ? http : https;
    const call = transport.request(
      url,
      { ...options, headers, method: request.method, timeout: 60_000 },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", failed);
        response.on("end", () => {
          const answer = parsed(Buffer.concat(pieces).toString("utf8"));
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) resolve(answer);
          else reject(new ApiError(code, answer));
        });
      },
    );
    call.on("error", failed);
    call.on("timeout", () => call.destroy(new Error("no answer for 60 s")));
    call.end(body);
  });
}

function parsed(text: string): Properties {
  try {
    return JSON.parse(text) as Properties;
  } catch {
    return { message: text.trim() };
  }
}

/** `StatefulSet shop/db`, for messages. */
export function titleOf(object: KubeObject): string {
  return `${textAt(object, "kind")} ${idOf(object)}`;
}
