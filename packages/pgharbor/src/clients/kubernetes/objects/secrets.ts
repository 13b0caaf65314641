import type { V1ObjectMeta } from "@kubernetes/client-node";
import { callApi, METADATA, type PodLocation } from "../connection/client";
import { missingNamespace } from "../connection/explain";

/** A Secret to write, with plain values. */
export interface WrittenSecret {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: Record<string, string>;
}

const FIELD_MANAGER = "pgharbor";

/** Creates or updates the Secret. Removes keys that an earlier call wrote and this one does not. */
export async function applySecret(
  location: PodLocation,
  { name, labels, annotations, data }: WrittenSecret,
): Promise<void> {
  const { namespace } = location.kubernetes;
  // Not stringData: a server-side apply of it removes no keys.
  const body = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels, annotations },
    type: "Opaque",
    data: encoded(data),
  };
  const written = await callApi(location, `write Secret ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedSecret(
      { name, namespace, body, fieldManager: FIELD_MANAGER, force: true },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.ServerSideApply),
    ),
  );
  if (written === undefined) throw missingNamespace(namespace);
}

/** Sets some keys of an existing Secret and leaves the others. */
export async function patchSecret(location: PodLocation, name: string, values: Record<string, string>): Promise<void> {
  const { namespace } = location.kubernetes;
  await callApi(location, `write Secret ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedSecret(
      { name, namespace, body: { data: encoded(values) }, fieldManager: FIELD_MANAGER },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
    ),
  );
}

/** Reads the Secret's plain values. Returns `undefined` when it does not exist. */
export async function readSecret(location: PodLocation, name: string): Promise<Record<string, string> | undefined> {
  const { namespace } = location.kubernetes;
  const found = await callApi(location, `read Secret ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedSecret({ name, namespace }),
  );
  if (found === undefined) return undefined;
  return Object.fromEntries(Object.entries(found.data ?? {}).map(([key, text]) => [key, fromBase64(text)]));
}

/** Reads a Secret's metadata without its contents. Returns `undefined` when it does not exist. */
export async function readSecretMetadata(location: PodLocation, name: string): Promise<V1ObjectMeta | undefined> {
  const { namespace } = location.kubernetes;
  const found = await callApi(location, `read Secret ${namespace}/${name}`, ({ core, library }) =>
    core.readNamespacedSecret({ namespace, name }, library.setHeaderOptions("Accept", METADATA)),
  );
  return found?.metadata;
}

export async function deleteSecret(location: PodLocation, name: string): Promise<void> {
  const { namespace } = location.kubernetes;
  await callApi(location, `delete Secret ${namespace}/${name}`, ({ core }) =>
    core.deleteNamespacedSecret({ name, namespace }),
  );
}

const encoded = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]));
const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");
