import { callApi, type PodLocation } from "./client";

/** Skips `work` if someone has deleted the whole namespace, because it would wait minutes for pods. */
export async function unlessGone<T>(location: PodLocation | undefined, work: () => Promise<T>): Promise<T | undefined> {
  return location !== undefined && (await isGone(location)) ? undefined : work();
}

/** A user without the right to read namespaces gets `false`. */
async function isGone(location: PodLocation): Promise<boolean> {
  const name = location.kubernetes.namespace;
  try {
    return (
      (await callApi(location, `read namespace ${name}`, ({ core }) => core.readNamespace({ name }))) === undefined
    );
  } catch {
    return false;
  }
}
