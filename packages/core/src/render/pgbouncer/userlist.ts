import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";

/**
 * userlist.txt: the user for password lookups and the user of the console. auth_query finds all others. These two are in plain text,
 * because PgBouncer must log in to servers with one of them, which a verifier derived from a password does not allow.
 */
export const renderUserlist = (deferred: DeferredValues): string =>
  [
    userlistLine(systemUsers.poolerConsole, deferred.passwords.poolerConsole),
    userlistLine(systemUsers.poolerAuth, deferred.passwords.poolerAuth),
  ].join("");

/** One user. The format only doubles quotes (load_auth_file() of PgBouncer's loader.c). */
export function userlistLine(user: string, password: string): string {
  return `${quoted(user)} ${quoted(password)}\n`;
}

function quoted(text: string): string {
  if (/[\x00-\x1f]/.test(text)) throw new Error("userlist.txt: a name or password cannot have control characters");
  return `"${text.replace(/"/g, '""')}"`;
}
