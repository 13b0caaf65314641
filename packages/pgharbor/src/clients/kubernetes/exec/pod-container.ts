/** A container of a pod. Inputs write it as `pod/container`. */
export interface PodContainer {
  pod: string;
  container: string;
}

export function podContainerOf(target: string): PodContainer {
  const [pod = "", container = ""] = target.split("/");
  return { pod, container };
}
