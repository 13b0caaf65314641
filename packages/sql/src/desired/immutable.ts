/** A change that cannot be made in place. */
export interface ImmutableChange {
  /** The field. */
  field: string;
  from: string;
  to: string;
  /** Why it cannot be changed in place. */
  reason: string;
}

/**
 * Which changes of a database can be told without a server to be none that it can follow. An encoding or a locale has many
 * spellings, which only the server knows: applyDatabase() compares them with what the database has. A template that was not
 * declared before, or is not now, is no change: writing down where a database came from must not be refused.
 */
export function immutableDatabaseChanges(
  previous: { name: string; template?: string },
  next: { name: string; template?: string },
): ImmutableChange[] {
  const changes: ImmutableChange[] = [];
  if (previous.name !== next.name) {
    const reason = "a database is known by its name: clients, poolers and backups use it";
    changes.push({ field: "name", from: previous.name, to: next.name, reason });
  }
  const [from, to] = [previous.template, next.template];
  if (from !== undefined && to !== undefined && from !== to)
    changes.push({ field: "template", from, to, reason: "a template is copied only when a database is made" });
  return changes;
}

/** Which changed fields of a role need a new role: its name, for it is the user name of every client. */
export function immutableRoleChanges(previous: { name: string }, next: { name: string }): ImmutableChange[] {
  if (previous.name === next.name) return [];
  return [{ field: "name", from: previous.name, to: next.name, reason: "a user name is what clients log in with" }];
}
