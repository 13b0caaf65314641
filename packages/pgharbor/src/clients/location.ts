import { dockerEngine, execIn, type ExecResult } from "./docker/engine";
import { execInPod, type PodExecOptions } from "./kubernetes/exec/exec";
import type { NamespaceLocation, PodLocation } from "./kubernetes/connection/client";

/** Where containers run: on a Docker engine, or in pods. Part of handlers' inputs, so stored in states. */
export interface Location {
  /** Docker host, or "" for the default; "" on Kubernetes. */
  engine: string;
  /** In pods: then a container is written `pod/container`. */
  kubernetes?: NamespaceLocation;
  /** Contents or path of a kubeconfig; secret. */
  kubeconfig?: string;
}

/** What is a change of location. Not the kubeconfig: a token in it may be another one each day. */
export const comparableLocation = ({ engine, kubernetes }: Location) =>
  kubernetes === undefined
    ? { engine }
    : { engine, namespace: kubernetes.namespace, context: kubernetes.context ?? "" };

/** The location among other inputs. */
export const locationOf = ({ engine, kubernetes, kubeconfig }: Location): Location => ({
  engine,
  kubernetes,
  kubeconfig,
});

/** The location of pods, where it must be one. */
export function podLocation({ kubernetes, kubeconfig }: Location): PodLocation {
  if (kubernetes === undefined) throw new Error("kubernetes: no namespace is given for a resource that lives in pods");
  return { kubernetes, kubeconfig };
}

/** Runs a program in a running container, wherever it is. Never puts a secret on a command line: use `stdin`. */
export function execAt(
  location: Location,
  container: string,
  command: string[],
  options: PodExecOptions = {},
): Promise<ExecResult> {
  return location.kubernetes === undefined
    ? execIn(dockerEngine(location.engine), container, command, { ...options, stdin: options.stdin?.toString() })
    : execInPod(podLocation(location), container, command, options);
}
