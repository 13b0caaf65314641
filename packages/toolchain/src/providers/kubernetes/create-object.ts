import type { KubeObject } from "./kube-object";
import { annotationOf } from "./kube-object";
import { hasReason, isMissing } from "./kube-api";
import { conflictExplained } from "./field-managers";
import { pause, timeoutOf, type Operation } from "./operation";
import { UnknownKind } from "./kinds";

/** Waits between attempts: what is asked for may come a moment later, such as a namespace or the definition of a custom kind. */
const RETRY_MS = [1000, 2000, 4000, 8000, 16_000];

/** Client-side creation has one manager for all; the first update hands its fields over to the resource's own. */
export const CREATE_MANAGER = "pulumi-kubernetes";

export async function createObject(
  operation: Operation,
  inputs: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const until = Date.now() + timeoutOf(operation, inputs);
  for (let attempt = 0; ; attempt++) {
    try {
      return await createOnce(operation, inputs, fieldManager);
    } catch (error) {
      const wait = RETRY_MS[attempt];
      const mayCome = isMissing(error) || error instanceof UnknownKind;
      if (operation.preview || !mayCome || wait === undefined || operation.cancelled() || Date.now() + wait > until) {
        throw explained(error);
      }
      operation.log.status(operation.urn, "info", `Retry #${attempt}; creation failed: ${(error as Error).message}`);
      await pause(wait);
    }
  }
}

/** An object that exists already is an error unless the provider was told to take such ones over. */
function createOnce(
  { api, options, preview }: Operation,
  inputs: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  if (!options.upsertExistingObjects) return api.create(inputs, { fieldManager: CREATE_MANAGER, dryRun: preview });
  const force = preview || options.enablePatchForce || annotationOf(inputs, "pulumi.com/patchForce") === "true";
  return api.apply(inputs, { fieldManager, dryRun: preview, force }).catch((error: unknown) => {
    throw conflictExplained(error, fieldManager);
  });
}

function explained(error: unknown): unknown {
  if (!hasReason(error, "AlreadyExists")) return error;
  (error as Error).message +=
    "\n\nThe resource already exists in the cluster. Give a renamed resource an alias; use a Patch resource or `pulumi import` " +
    "for one that Pulumi did not make; or set upsertExistingObjects on the provider to take existing objects over.";
  return error;
}
