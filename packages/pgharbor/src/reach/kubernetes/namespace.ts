import { callApi, type PodPlace } from "./client";

/** Nothing, where what is asked for cannot be had because its whole namespace is gone; somebody has deleted it by hand. */
export async function unlessGone<T>(place: PodPlace | undefined, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (place !== undefined && (await isGone(place))) return undefined;
    throw error;
  }
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
