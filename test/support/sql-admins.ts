import { SqlTarget } from "../../packages/sql/src";
import { PostgresContainer } from "./postgres-container";

/**
 * How an admin of a test server connects: its superuser, or a role `x` with the password `x pw`. The one named `hosted` keeps its
 * record in a database of that name, because two admins trust no common one.
 */
export function adminTarget({ target }: PostgresContainer, admin: string): SqlTarget {
  if (admin === "superuser") return target;
  const own = { ...target, user: admin, password: `${admin} pw` };
  return admin === "hosted" ? { ...own, database: "hosted" } : own;
}
