import { dockerEngine, execIn, type ExecResult } from "./docker/engine";
import { execInPod, type PodExecOptions } from "./kubernetes/exec/exec";
import type { PodLocation } from "./kubernetes/connection/client";

/** Containers on a Docker engine. */
export interface EngineLocation {
  /** Docker host, or "" for the default. */
  engine: string;
  kubernetes?: undefined;
  kubeconfig?: undefined;
}

/**
 * Containers run on a Docker engine or in pods, where a container is written `pod/container`. A location is part of handlers' inputs, so
 * states store it.
 */
export type Location = EngineLocation | PodLocation;

/**
 * A change of these fields is a change of location. The kubeconfig is not one of them, because its token may differ
 * each day.
 */
export const comparableLocation = (location: Location) =>
  location.kubernetes === undefined
    ? { engine: location.engine }
    : { namespace: location.kubernetes.namespace, context: location.kubernetes.context ?? "" };

/** Extracts the location from other inputs. */
export const locationOf = (inputs: Location): Location =>
  inputs.kubernetes === undefined ? { engine: inputs.engine } : podLocation(inputs);

/** The same for pods. */
export const podLocation = ({ kubernetes, kubeconfig }: PodLocation): PodLocation => ({ kubernetes, kubeconfig });

/** Runs a program in a running container on Docker or in a pod. Secrets go to `stdin`, never to a command line. */
export function execAt(
  location: Location,
  container: string,
  command: string[],
  options: PodExecOptions = {},
): Promise<ExecResult> {
  return location.kubernetes === undefined
    ? execIn(dockerEngine(location.engine), container, command, { ...options, stdin: options.stdin?.toString() })
    : execInPod(location, container, command, options);
}
