/** As much of the Model Context Protocol over streamable HTTP as a test needs (https://modelcontextprotocol.io/specification). */
const VERSION = "2025-06-18";

export const initialize = (endpoint: string): Promise<unknown> =>
  request(endpoint, "initialize", {
    protocolVersion: VERSION,
    capabilities: {},
    clientInfo: { name: "pgharbor-test", version: "1" },
  });

export async function callTool(
  endpoint: string,
  name: string,
  args: Record<string, unknown>,
): Promise<{ text: string; isError: boolean }> {
  const result = (await request(endpoint, "tools/call", { name, arguments: args })) as {
    content: { type: string; text: string }[];
    isError?: boolean;
  };
  return { text: result.content.map((part) => part.text).join("\n"), isError: result.isError ?? false };
}

async function request(endpoint: string, method: string, params: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": VERSION,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const body = await response.text();
  const data = /^data: (.*)$/m.exec(body)?.[1] ?? body;
  const answer = JSON.parse(data) as { result?: unknown; error?: { message: string } };
  if (answer.result === undefined) throw new Error(`${method}: ${response.status} ${answer.error?.message ?? body}`);
  return answer.result;
}
