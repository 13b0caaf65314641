import { randomBytes } from "node:crypto";
import type { KubernetesForTests } from "./kubernetes-cluster";

/** A namespace for all tests of a file. */
export interface TestNamespace {
  name: string;
  /** An environment without any other connection to a cluster. */
  env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

export async function inNamespace(
  kubernetes: Pick<KubernetesForTests, "kubectl">,
  prefix: string,
  labels: Readonly<Record<string, string>>,
): Promise<TestNamespace> {
  const name = `${prefix}-${randomBytes(3).toString("hex")}`;
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(namespace));
  return {
    name,
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
    remove: async () =>
      void (await kubernetes.kubectl(["delete", "namespace", name, "--ignore-not-found", "--wait", "--timeout=120s"])),
  };
}
