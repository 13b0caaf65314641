/**
 * A resource that this process created and later deletes under the same id was replaced, for example by `pulumi up --replace`, so
 * the objects that it represents stay.
 */
const created = new Set<string>();

export const noteCreated = (kind: string, id: string): void => void created.add(`${kind} ${id}`);
export const isReplaced = (kind: string, id: string): boolean => created.has(`${kind} ${id}`);
