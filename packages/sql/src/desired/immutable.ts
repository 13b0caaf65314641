/** A change that cannot be made in place. */
export interface ImmutableChange {
  /** The changed field. */
  field: string;
  /** The previous value. */
  from: string;
  /** The new value. */
  to: string;
  /** The reason why it cannot be changed in place. */
  reason: string;
}

/**
 * Changes of a database that cannot be made, as far as this is known without a server. Encodings and locales have many spellings that only
 * the server knows: applyDatabase() compares them with the database's. A template that was not declared before, or no longer is, is no
 * change, because adding it later must be possible.
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

/** Changes that need a new role: the name, because clients log in with it. */
export function immutableRoleChanges(previous: { name: string }, next: { name: string }): ImmutableChange[] {
  if (previous.name === next.name) return [];
  return [{ field: "name", from: previous.name, to: next.name, reason: "a user name is what clients log in with" }];
}
