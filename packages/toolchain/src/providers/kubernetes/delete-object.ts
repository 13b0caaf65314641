import { isMissing, titleOf, Unreachable } from "./kube-api";
import { UnknownKind } from "./kinds";
import { annotationOf, listAt, textAt, uidOf, valueAt, type KubeObject } from "./kube-object";
import { NotReady, pause, statusLine, timeoutOf, type Operation } from "./operation";

const POLL_MS = 500;

/** Kinds whose deletion the annotation that skips waiting covers, too. */
const SKIPPABLE = ["Namespace", "Pod", "DaemonSet", "Deployment", "StatefulSet", "Job"];

/** Deletes and waits until the object is gone; in the foreground, so that what it owns goes before it. */
export async function deleteObject(operation: Operation, live: KubeObject, inputs: KubeObject): Promise<void> {
  const { api } = operation;
  const say = statusLine(operation);
  try {
    await api.delete(live, propagationOf(inputs));
    if (annotationOf(inputs, "pulumi.com/skipAwait") === "true" && SKIPPABLE.includes(textAt(live, "kind"))) return;
    let last = live;
    for (const until = Date.now() + timeoutOf(operation, inputs); ;) {
      last = await api.get(live).catch((error: unknown) => {
        // A server that restarts meanwhile has not forgotten what it was told.
        if (error instanceof Unreachable) return last;
        throw error;
      });
      if (uidOf(last) !== uidOf(live)) return;
      if (operation.cancelled())
        throw new NotReady(`Resource operation was cancelled for "${titleOf(live)}"`, last, []);
      if (Date.now() > until) {
        throw new NotReady(`${titleOf(live)} timed out waiting to be deleted`, last, holdingUp(last));
      }
      say(holdingUp(last)[0] ?? "Resource scheduled for deletion");
      await pause(POLL_MS);
    }
  } catch (error) {
    // Gone, or its whole kind is.
    if (!isMissing(error) && !(error instanceof UnknownKind)) throw error;
  }
}

function propagationOf(inputs: KubeObject): string {
  const policy = annotationOf(inputs, "pulumi.com/deletionPropagationPolicy").toLowerCase();
  if (policy === "orphan") return "Orphan";
  return policy === "background" ? "Background" : "Foreground";
}

/** What keeps an object that is being deleted: a namespace says it in its conditions, others by their finalizers. */
function holdingUp(object: KubeObject): string[] {
  const conditions = listAt(object, "status", "conditions").filter(
    (condition) => object.kind === "Namespace" && condition.status === "True" && textAt(condition, "message") !== "",
  );
  const finalizers = valueAt(object, "metadata", "finalizers");
  const names = Array.isArray(finalizers) && finalizers.length > 0 ? finalizers.join(", ") : "";
  return [
    ...conditions.map((condition) => textAt(condition, "message")),
    ...(names ? [`finalizers might be preventing deletion (${names})`] : []),
  ];
}
