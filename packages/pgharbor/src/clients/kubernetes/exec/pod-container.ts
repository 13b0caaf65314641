/** A container of a pod, as it is written in inputs: `pod/container`. */
export interface PodContainer {
  pod: string;
  container: string;
}

export function podContainerOf(target: string): PodContainer {
  const [pod = "", container = ""] = target.split("/");
  return { pod, container };
}
