import { randomBytes } from "node:crypto";
import { ensureKubernetes, kubectl, type Kubernetes } from "@pgharbor/toolchain";

/** The Kubernetes that tests run on: the toolchain's own node, brought up unless it is there, and never a user's context. */
export interface KubernetesForTests extends Kubernetes {
  /** Throws with what kubectl said when it fails. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** One object, or a list of them, as JSON. */
  get<T>(args: readonly string[]): Promise<T>;
  /** Runs `work` with a namespace `<prefix>-<random>`, which is gone with everything in it when this returns. */
  withNamespace<T>(
    prefix: string,
    work: (namespace: string) => Promise<T>,
    labels?: Readonly<Record<string, string>>,
  ): Promise<T>;
}

/** The label that makes a namespace refuse pods which do not pass this Pod Security level. */
export const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" } as const;

export async function kubernetesForTests(): Promise<KubernetesForTests> {
  const kubernetes = await ensureKubernetes((line) => process.stderr.write(`kubernetes: ${line}\n`));
  const run = (args: readonly string[], stdin?: string) => kubectl(kubernetes, args, stdin);
  return {
    ...kubernetes,
    kubectl: run,
    get: async <T>(args: readonly string[]) => JSON.parse(await run(["get", ...args, "-o", "json"])) as T,
    withNamespace: async (prefix, work, labels = {}) => {
      const name = `${prefix}-${randomBytes(3).toString("hex")}`;
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
      await run(["apply", "-f", "-"], JSON.stringify(namespace));
      try {
        return await work(name);
      } finally {
        await run(["delete", "namespace", name, "--wait", "--timeout=120s"]);
      }
    },
  };
}
