import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";

/**
 * userlist.txt: who looks passwords up, and who may use the console. Everyone else is found by auth_query. These two are
 * plain, because PgBouncer itself must log in to servers with the one, and a verifier made from a password cannot do that.
 */
export const renderUserlist = (deferred: DeferredValues): string =>
  [
    userlistLine(systemUsers.poolerConsole, deferred.passwords.poolerConsole),
    userlistLine(systemUsers.poolerAuth, deferred.passwords.poolerAuth),
  ].join("");

/** One user. A quote is doubled, and that is all the format knows (load_auth_file() of PgBouncer's loader.c). */
export function userlistLine(user: string, password: string): string {
  return `${quoted(user)} ${quoted(password)}\n`;
}

function quoted(text: string): string {
  if (/[\x00-\x1f]/.test(text)) throw new Error("userlist.txt: a name or password cannot have control characters");
  return `"${text.replace(/"/g, '""')}"`;
}
