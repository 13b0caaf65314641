import { codeOf, explainApi, isTransient } from "./explain";

const explained = (error: unknown) => explainApi("https://k:6443", "read Secret shop/a", error).message;

describe("an explained refusal of the API server", () => {
  it("names the server that does not answer", () => {
    const error = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6443"), { code: "ECONNREFUSED" });
    expect(isTransient(error)).toBe(true);
    expect(explained(error)).toBe(
      "Kubernetes API server https://k:6443: could not read Secret shop/a: it does not answer, got connect ECONNREFUSED 127.0.0.1:6443; " +
        "check that it runs, that this machine can connect to it, and that the kubeconfig and the context are the right ones",
    );
  });

  it("shows the server's message, and no headers", () => {
    const error = Object.assign(new Error("HTTP-Code: 403\nHeaders: {}"), {
      code: 403,
      body: JSON.stringify({ kind: "Status", message: 'secrets "a" is forbidden' }),
    });
    expect(isTransient(error)).toBe(false);
    expect(explained(error)).toBe(
      'Kubernetes API server https://k:6443: may not read Secret shop/a, got secrets "a" is forbidden; ' +
        "give the kubeconfig's user that right, or change what forbids it",
    );
  });

  it("reads the status of a refused WebSocket", () => {
    expect(codeOf({ type: "error", error: new Error("Unexpected server response: 404") })).toBe(404);
    expect(codeOf({ error: Object.assign(new Error("x"), { code: "ECONNRESET" }) })).toBe("ECONNRESET");
  });
});
