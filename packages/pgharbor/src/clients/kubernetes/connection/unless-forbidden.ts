import { ExplainedError } from "@pgharbor/core";

/** A value that was read, or `undefined` where the caller may not read it. */
export type Permitted<T> = { value: T } | undefined;

const reported = new Set<string>();

/** Skips a check that the caller may not make. Many users may not read what others created in a namespace. */
export async function unlessForbidden<T>(what: string, read: () => Promise<T>): Promise<Permitted<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof ExplainedError) || error.code !== "403") throw error;
    if (!reported.has(what)) console.log(`${what}: not checked beforehand, the kubeconfig's user may not read that`);
    reported.add(what);
    return undefined;
  }
}
