import { ExplainedError } from "@pgharbor/core";

/** What was looked at; not, where the caller may not read it. */
export type Seen<T> = { value: T } | undefined;

const told = new Set<string>();

/** Rights to read what a namespace's owner has not made are often not given: what cannot be seen is not checked. */
export async function seen<T>(what: string, look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof ExplainedError) || error.code !== "403") throw error;
    if (!told.has(what)) console.log(`${what}: not checked beforehand, the kubeconfig's user may not read that`);
    told.add(what);
    return undefined;
  }
}
