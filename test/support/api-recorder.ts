import type * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { testCertificates } from "./test-certificates";

/** What a client asked of the API server, as RBAC calls it: `patch apps/statefulsets`. */
export interface ApiRecorder {
  /** Answers on behalf of the API server. A client's token is forwarded unchanged. */
  url: string;
  /** PEM of the authority that signed the proxy's certificate: client-go sends no token to a server without TLS. */
  ca: string;
  allowed: Set<string>;
  forbidden: Set<string>;
  stop(): void;
}

/** A proxy that only records. WebSockets pass, so commands in pods and port-forwards work. */
export async function recordApi(server: string, ca: Buffer): Promise<ApiRecorder> {
  const [allowed, forbidden] = [new Set<string>(), new Set<string>()];
  const note = (request: http.IncomingMessage, status = 0) => {
    for (const right of rightsOf(request, status)) (status === 403 ? forbidden : allowed).add(right);
  };
  const target = new URL(server);
  const onward = ({ method, url, headers }: http.IncomingMessage) =>
    https.request({
      ...{ host: target.hostname, port: target.port, ca, method, path: url },
      headers: { ...headers, host: target.host },
    });
  const certificates = await testCertificates("localhost", ["127.0.0.1"]);
  const proxy = https.createServer(certificates, (request, response) => {
    const asked = onward(request);
    asked.on("error", () => response.destroy());
    // A watch ends when its client disconnects.
    response.on("close", () => asked.destroy());
    asked.on("response", (answer) => {
      note(request, answer.statusCode);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(asked);
  });
  proxy.on("upgrade", (request, socket, head) => {
    const asked = onward(request);
    asked.on("error", () => socket.destroy());
    asked.on("response", (answer) => {
      note(request, answer.statusCode);
      socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`);
    });
    asked.on("upgrade", (answer, upstream, first) => {
      note(request, answer.statusCode);
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n"));
      socket.write(first);
      upstream.write(head);
      for (const one of [socket, upstream]) one.on("error", () => [socket, upstream].forEach((it) => it.destroy()));
      socket.pipe(upstream).pipe(socket);
    });
    asked.end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    ca: certificates.ca,
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    allowed,
    forbidden,
    stop: () => {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

/** Returns nothing for a request that every account may make, such as discovery. */
function rightsOf({ method = "", url = "" }: http.IncomingMessage, status: number): string[] {
  const { pathname, searchParams } = new URL(url, "http://server");
  const found =
    /^\/(?:api|apis\/([^/]+))\/v[^/]+\/(?:namespaces\/[^/]+\/(?=.))?([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      pathname,
    );
  if (found === null) return [];
  const [, group, kind, name, part] = found;
  const resource = `${group === undefined ? "" : `${group}/`}${kind}${part === undefined ? "" : `/${part}`}`;
  return verbsOf(method, name !== undefined, searchParams.has("watch"), status).map((verb) => `${verb} ${resource}`);
}

function verbsOf(method: string, isNamed: boolean, isWatch: boolean, status: number): string[] {
  if (method === "GET") return [isNamed ? "get" : isWatch ? "watch" : "list"];
  if (method === "DELETE") return [isNamed ? "delete" : "deletecollection"];
  // Server-side apply also needs the right to create if the object does not exist.
  if (method === "PATCH") return status === 201 ? ["patch", "create"] : ["patch"];
  return [method === "PUT" ? "update" : "create"];
}
