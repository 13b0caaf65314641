import { callApi, type PodLocation } from "./client";

/** Nothing, where the whole namespace is gone, for somebody has deleted it by hand. Otherwise `work` would wait for pods, for minutes. */
export async function unlessGone<T>(location: PodLocation | undefined, work: () => Promise<T>): Promise<T | undefined> {
  return location !== undefined && (await isGone(location)) ? undefined : work();
}

/** A person without the right to look cannot know. */
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
