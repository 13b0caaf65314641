/**
 * What was created by this process is the successor of what it deletes under the same id later: the resource was replaced, as
 * `pulumi up --replace` does, and what it stands for lives on.
 */
const created = new Set<string>();

export const noteCreated = (kind: string, id: string): void => void created.add(`${kind} ${id}`);
export const isReplaced = (kind: string, id: string): boolean => created.has(`${kind} ${id}`);
