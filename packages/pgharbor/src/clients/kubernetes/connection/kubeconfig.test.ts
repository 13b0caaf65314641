import { kubeconfigSource, type Machine } from "./kubeconfig";

const machine = (env: Machine["env"], ...files: string[]): Machine => ({
  env,
  home: "/home/ada",
  exists: (path) => files.includes(path),
});

describe("the source of the kubeconfig", () => {
  it("takes contents as contents, and a path as a file", () => {
    expect(kubeconfigSource("apiVersion: v1\nkind: Config\n", machine({}))).toEqual({
      kind: "contents",
      text: "apiVersion: v1\nkind: Config",
    });
    expect(kubeconfigSource('{"kind":"Config"}', machine({}))).toMatchObject({ kind: "contents" });
    expect(kubeconfigSource("~/k", machine({}, "/home/ada/k"))).toEqual({ kind: "files", paths: ["/home/ada/k"] });
  });

  it("looks where kubectl looks, in its order", () => {
    const both = machine({ KUBECONFIG: "/a:/missing:/b" }, "/a", "/b", "/home/ada/.kube/config");
    expect(kubeconfigSource(undefined, both)).toEqual({ kind: "files", paths: ["/a", "/b"] });
    expect(kubeconfigSource("", machine({}, "/home/ada/.kube/config"))).toEqual({
      kind: "files",
      paths: ["/home/ada/.kube/config"],
    });
    const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    expect(kubeconfigSource(undefined, machine({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, token))).toEqual({
      kind: "service account",
    });
  });

  it("names the missing file and the fix", () => {
    expect(() => kubeconfigSource(undefined, machine({}))).toThrow(
      "kubeconfig: no kubeconfig was found, got KUBECONFIG not set, no file /home/ada/.kube/config, " +
        "no service account of a pod; give the argument kubeconfig (its contents or a path), or set KUBECONFIG",
    );
    expect(() => kubeconfigSource(undefined, machine({ KUBECONFIG: "/gone" }))).toThrow(
      "KUBECONFIG: refers to a file that does not exist, got /gone",
    );
    expect(() => kubeconfigSource("/gone", machine({}))).toThrow("is neither contents nor a file, got /gone;");
  });

  it("does not show what may be a credential", () => {
    const token = "eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.eyJzdWIiOiJ4In0=:secret";
    expect(() => kubeconfigSource(token, machine({}))).toThrow(`got a text of ${token.length} characters`);
  });
});
