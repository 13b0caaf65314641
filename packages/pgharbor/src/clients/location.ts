import { dockerEngine, execIn, type ExecResult } from "./docker/engine";
import { execInPod, type PodExecOptions } from "./kubernetes/exec/exec";
import type { NamespaceLocation, PodLocation } from "./kubernetes/connection/client";

/** Containers run on a Docker engine or in pods. A location is part of handlers' inputs, so states store it. */
export interface Location {
  /** Docker host, or "" for the default and on Kubernetes. */
  engine: string;
  /** Set where containers run in pods. A container is then written `pod/container`. */
  kubernetes?: NamespaceLocation;
  /** Contents or path of a kubeconfig; secret. */
  kubeconfig?: string;
}

/** The fields whose change is a change of location. The kubeconfig is none: its token may differ each day. */
export const comparableLocation = ({ engine, kubernetes }: Location) =>
  kubernetes === undefined
    ? { engine }
    : { engine, namespace: kubernetes.namespace, context: kubernetes.context ?? "" };

/** Extracts the location from other inputs. */
export const locationOf = ({ engine, kubernetes, kubeconfig }: Location): Location => ({
  engine,
  kubernetes,
  kubeconfig,
});

/** Throws where the location is not one of pods. */
export function podLocation({ kubernetes, kubeconfig }: Location): PodLocation {
  if (kubernetes === undefined) throw new Error("kubernetes: no namespace is given for a resource that lives in pods");
  return { kubernetes, kubeconfig };
}

/** Runs a program in a running container on Docker or in a pod. Secrets go to `stdin`, never to a command line. */
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
