import { podFiles, secretData, type PodFilesInputs, type PodFilesOutputs } from "./pod-files";
import { revisionOf } from "./container-files";

const inputs: PodFilesInputs = {
  kubernetes: { namespace: "shop" },
  kubeconfig: "/k",
  secretName: "shop-m1-files",
  labels: { a: "1", b: "2" },
  annotations: {},
  selector: "pgharbor.member=m1",
  container: "patroni",
  program: "patroni",
  plain: { "patroni/00-member.yml": "x" },
  secret: { "tls/server.key": "y" },
  initial: { "patroni/10-bootstrap.yml": "z" },
};
const olds: PodFilesOutputs = { ...inputs, revision: revisionOf(inputs) };
const diff = (change: Partial<PodFilesInputs>) => podFiles.diff("", olds, { ...inputs, ...change });

describe("PodFiles", () => {
  it("keys files by their paths, and names the set", () => {
    expect(secretData(inputs, "r1")).toEqual({
      revision: "r1",
      "patroni.00-member.yml": "x",
      "tls.server.key": "y",
      "patroni.10-bootstrap.yml": "z",
    });
    expect(() => secretData({ ...inputs, plain: { "a/b": "", "a.b": "" } }, "r")).toThrow(
      'two files have the key "a.b"',
    );
  });

  it("sees a changed file, label or location, and no other", async () => {
    expect(await diff({})).toEqual({ changes: false, replaces: [] });
    expect(await diff({ initial: {} })).toMatchObject({ changes: false });
    expect(await diff({ kubeconfig: "another token" })).toMatchObject({ changes: false });
    expect(await diff({ labels: { b: "2", a: "1" } })).toMatchObject({ changes: false });
    expect(await diff({ plain: { "patroni/00-member.yml": "x2" } })).toEqual({ changes: true, replaces: [] });
    expect(await diff({ labels: {} })).toEqual({ changes: true, replaces: [] });
    expect(await diff({ secretName: "b" })).toEqual({ changes: true, replaces: ["secretName"] });
    expect(await diff({ kubernetes: { namespace: "b" } })).toEqual({ changes: true, replaces: ["kubernetes"] });
  });
});
