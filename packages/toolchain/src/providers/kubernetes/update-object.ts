import { conflictExplained, madeClientSide, takenOver, withIgnored } from "./field-managers";
import { hasReason } from "./kube-api";
import { annotationOf, listAt, nameOf, textAt, withMetadata, type KubeObject } from "./kube-object";
import type { Operation } from "./operation";

/** The real update may well succeed. */
export class CannotPreview extends Error {}

export interface Update {
  readonly inputs: KubeObject;
  /** As it was when last looked at. */
  readonly before: KubeObject;
  readonly fieldManager: string;
  readonly ignored: readonly string[];
}

/** Server-side apply of everything that is declared. Gives back the object before and after. */
export async function updateObject(
  operation: Operation,
  { inputs, before, fieldManager, ignored }: Update,
): Promise<{ before: KubeObject; after: KubeObject }> {
  const { api, options, preview } = operation;
  let live = await api.get(inputs, nameOf(before));
  if (inputs.kind === "CustomResourceDefinition") {
    // Replaced as a whole, as `kubectl replace` does: applying one in parts leaves old versions behind.
    const resourceVersion = textAt(live, "metadata", "resourceVersion");
    const after = await api.replace(withMetadata(inputs, "resourceVersion", resourceVersion), {
      fieldManager,
      dryRun: preview,
    });
    return { before: live, after };
  }
  const managedFields = preview ? undefined : takenOver(live, fieldManager);
  if (managedFields) {
    live = await api.patch(live, [
      { op: "replace", path: "/metadata/managedFields", value: managedFields },
      { op: "replace", path: "/metadata/resourceVersion", value: textAt(live, "metadata", "resourceVersion") },
    ]);
  }
  const force =
    options.enablePatchForce ||
    annotationOf(inputs, "pulumi.com/patchForce") === "true" ||
    (preview && madeClientSide(live)) ||
    // Written before servers kept managers; nobody else can claim it.
    listAt(live, "metadata", "managedFields").length === 0;
  try {
    const wanted = withIgnored(inputs, live, fieldManager, ignored);
    return { before: live, after: await api.apply(wanted, { fieldManager, dryRun: preview, force }) };
  } catch (error) {
    // A dry run cannot hand over the fields of the creation first, and so may add to a list what will in truth take another's place.
    if (preview && madeClientSide(live) && hasReason(error, "Invalid")) throw new CannotPreview();
    throw conflictExplained(error, fieldManager);
  }
}
