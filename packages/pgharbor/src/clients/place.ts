import { dockerEngine, execIn, type ExecResult } from "./docker/engine";
import { execInPod, type PodExecOptions } from "./kubernetes/exec/exec";
import type { KubernetesPlace, PodPlace } from "./kubernetes/connection/client";

/** Where containers run: on a Docker engine, or in pods. Part of handlers' inputs, so stored in states. */
export interface Place {
  /** Docker host, or "" for the default; "" on Kubernetes. */
  engine: string;
  /** In pods: then a container is written `pod/container`. */
  kubernetes?: KubernetesPlace;
  /** Contents or path of a kubeconfig; secret. */
  kubeconfig?: string;
}

/** What is a change of place. Not the kubeconfig: a token in it may be another one each day. */
export const comparablePlace = ({ engine, kubernetes }: Place) =>
  kubernetes === undefined
    ? { engine }
    : { engine, namespace: kubernetes.namespace, context: kubernetes.context ?? "" };

/** The place among other inputs. */
export const placeOf = ({ engine, kubernetes, kubeconfig }: Place): Place => ({ engine, kubernetes, kubeconfig });

/** The place of pods, where it must be one. */
export function podPlace({ kubernetes, kubeconfig }: Place): PodPlace {
  if (kubernetes === undefined) throw new Error("kubernetes: no namespace is given for a resource that lives in pods");
  return { kubernetes, kubeconfig };
}

/** Runs a program in a running container, wherever it is. Never puts a secret on a command line: use `stdin`. */
export function execAt(
  place: Place,
  container: string,
  command: string[],
  options: PodExecOptions = {},
): Promise<ExecResult> {
  return place.kubernetes === undefined
    ? execIn(dockerEngine(place.engine), container, command, { ...options, stdin: options.stdin?.toString() })
    : execInPod(podPlace(place), container, command, options);
}
