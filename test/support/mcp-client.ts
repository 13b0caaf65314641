import { request } from "node:http";

/**
 * The part of the Model Context Protocol over streamable HTTP that the tests need
 * (https://modelcontextprotocol.io/specification).
 */
const VERSION = "2025-06-18";

/** The server's URL, and its address if this machine does not know the host name. */
export type Endpoint = string | { url: string; address: string };

export const initialize = (endpoint: Endpoint): Promise<unknown> =>
  rpc(endpoint, "initialize", {
    protocolVersion: VERSION,
    capabilities: {},
    clientInfo: { name: "pgharbor-test", version: "1" },
  });

export async function callTool(
  endpoint: Endpoint,
  name: string,
  args: Record<string, unknown>,
): Promise<{ text: string; isError: boolean }> {
  const result = (await rpc(endpoint, "tools/call", { name, arguments: args })) as {
    content: { type: string; text: string }[];
    isError?: boolean;
  };
  return { text: result.content.map((part) => part.text).join("\n"), isError: result.isError ?? false };
}

async function rpc(endpoint: Endpoint, method: string, params: Record<string, unknown>): Promise<unknown> {
  const { status, body } = await post(endpoint, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  const data = /^data: (.*)$/m.exec(body)?.[1] ?? body;
  const answer = JSON.parse(data) as { result?: unknown; error?: { message: string } };
  if (answer.result === undefined) throw new Error(`${method}: ${status} ${answer.error?.message ?? body}`);
  return answer.result;
}

function post(endpoint: Endpoint, body: string): Promise<{ status: number; body: string }> {
  const { hostname, host, port, pathname } = new URL(typeof endpoint === "string" ? endpoint : endpoint.url);
  const address = typeof endpoint === "string" ? hostname : endpoint.address;
  const headers = {
    host,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": VERSION,
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: address, port, path: pathname, method: "POST", headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on("error", reject);
      },
    );
    asked.setTimeout(30_000, () => asked.destroy(new Error("no answer in 30 s")));
    asked.on("error", reject);
    asked.end(body);
  });
}
