import { callApi, type PodPlace } from "./client";

/** Nothing, where the whole namespace is gone, for somebody has deleted it by hand. Otherwise `work` would wait for pods, for minutes. */
export async function unlessGone<T>(place: PodPlace | undefined, work: () => Promise<T>): Promise<T | undefined> {
  return place !== undefined && (await isGone(place)) ? undefined : work();
}

/** A person without the right to look cannot know. */
async function isGone(place: PodPlace): Promise<boolean> {
  const name = place.kubernetes.namespace;
  try {
    return (await callApi(place, `read namespace ${name}`, ({ core }) => core.readNamespace({ name }))) === undefined;
  } catch {
    return false;
  }
}
