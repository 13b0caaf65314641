import type Docker from "dockerode";
import type { Progress } from "@pgharbor/build-cache";
import { importImages, nodeImages } from "./import-images";
import type { Kubernetes } from "./kubernetes";

/**
 * Imports those of Docker's images that the node brought up here lacks, under the references that pod specifications
 * use (with `imagePullPolicy: IfNotPresent`). Other clusters pull their images from a registry.
 */
export async function loadImages(
  kubernetes: Kubernetes,
  docker: Docker,
  tags: readonly string[],
  progress: Progress,
): Promise<void> {
  if (kubernetes.node === undefined) {
    const hint = 'docs/kubernetes.md says how, under "Images"';
    progress(`the nodes of ${kubernetes.origin} must have, or be able to pull, ${tags.join(", ")}: ${hint}`);
    return;
  }
  const present = await nodeImages(kubernetes.node);
  const missing = [...new Set(tags)].filter((tag) => !present.has(fullReference(tag)));
  if (missing.length === 0) return;
  progress(`importing ${missing.join(", ")} into the node`);
  for (const tag of missing) await importImages(kubernetes.node, await docker.getImage(tag).get());
}

/** Expands Docker's short form: `pgharbor/postgres:17` is `docker.io/pgharbor/postgres:17`. */
export function fullReference(tag: string): string {
  const [first = "", ...rest] = tag.split("/");
  const name = /:[^/]*$/.test(tag) || tag.includes("@") ? tag : `${tag}:latest`;
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === "localhost" ? name : `docker.io/${name}`;
}
