import { ExplainedError } from "@pgharbor/core";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";

/** The source of the connection to a cluster. */
export type KubeconfigSource =
  { kind: "contents"; text: string } | { kind: "files"; paths: string[] } | { kind: "service account" };

/** The parts of this machine that are read. */
export interface Machine {
  env: Record<string, string | undefined>;
  home: string;
  exists(path: string): boolean;
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const PATH = "kubeconfig";

/** Kubernetes' own programs use this order: the argument, KUBECONFIG, ~/.kube/config, the service account of the pod. */
export function kubeconfigSource(given: string | undefined, machine: Machine): KubeconfigSource {
  if (given !== undefined && given.trim() !== "") return givenSource(given.trim(), machine);
  const named = machine.env.KUBECONFIG ?? "";
  if (named !== "") {
    const paths = named.split(delimiter).filter((path) => path !== "" && machine.exists(path));
    if (paths.length > 0) return { kind: "files", paths };
    const fix = "correct the variable, unset it, or give the argument kubeconfig";
    throw new ExplainedError({
      path: "KUBECONFIG",
      problem: "refers to a file that does not exist",
      value: named,
      fix,
    });
  }
  const defaultPath = join(machine.home, ".kube", "config");
  if (machine.exists(defaultPath)) return { kind: "files", paths: [defaultPath] };
  if (machine.exists(SERVICE_ACCOUNT) && machine.env.KUBERNETES_SERVICE_HOST) return { kind: "service account" };
  throw new ExplainedError({
    path: PATH,
    problem: "no kubeconfig was found",
    value: `KUBECONFIG not set, no file ${defaultPath}, no service account of a pod`,
    fix: "give the argument kubeconfig (its contents or a path), or set KUBECONFIG",
  });
}

function givenSource(given: string, machine: Machine): KubeconfigSource {
  if (given.includes("\n") || given.startsWith("{")) return { kind: "contents", text: given };
  const path = given.startsWith("~/") ? join(machine.home, given.slice(2)) : given;
  if (machine.exists(path)) return { kind: "files", paths: [path] };
  // A text that does not look like a path may be a credential given by mistake.
  const value = /^[~./\w][\w./~ -]{0,250}$/.test(given) ? given : `a text of ${given.length} characters`;
  const fix = "give the contents of a kubeconfig, or the path of an existing one";
  throw new ExplainedError({ path: PATH, problem: "is neither contents nor a file", value, fix });
}

export const thisMachine = (): Machine => ({ env: process.env, home: homedir(), exists: existsSync });

/** Fills an empty configuration. Errors never contain text of a kubeconfig. */
export function loadInto(empty: () => KubeConfig, source: KubeconfigSource, context?: string): KubeConfig {
  const config = empty();
  if (source.kind === "contents") read(config, "contents", (c) => c.loadFromString(source.text));
  if (source.kind === "service account") config.loadFromCluster();
  if (source.kind === "files") {
    for (const [i, path] of source.paths.entries()) {
      const next = i === 0 ? config : empty();
      read(next, path, (c) => c.loadFromFile(path));
      if (i > 0) config.mergeConfig(next, true);
    }
  }
  if (context !== undefined && context !== "") useContext(config, context);
  if (config.getCurrentCluster() === null) {
    const value = `current-context ${JSON.stringify(config.getCurrentContext() ?? "")}, contexts ${names(config)}`;
    const fix = "give kubernetes.connection.context, or set current-context in the kubeconfig";
    throw new ExplainedError({ path: PATH, problem: "the kubeconfig has no cluster", value, fix });
  }
  return config;
}

function read(config: KubeConfig, value: string, load: (config: KubeConfig) => void): void {
  try {
    load(config);
  } catch (error) {
    // Only the kind of the mistake is shown: a parser quotes the lines around it, which may contain a token.
    const { reason, code } = error as { reason?: string; code?: string };
    const problem = `cannot be read as a kubeconfig (${code ?? reason ?? "wrong structure"})`;
    throw new ExplainedError({ path: PATH, problem, value, fix: "give one that `kubectl config view` accepts" });
  }
}

function useContext(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null) {
    const fix = `use one of its contexts: ${names(config)}`;
    const problem = "is not a context of the kubeconfig";
    throw new ExplainedError({ path: "kubernetes.connection.context", problem, value: JSON.stringify(context), fix });
  }
  config.setCurrentContext(context);
}

const names = (config: KubeConfig): string =>
  (config.getContexts() ?? []).map((context) => context.name).join(", ") || "none";
