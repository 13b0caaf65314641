import { roleTemplates as rolesOfSql, templatePrivileges as privilegesOfSql } from "@pgharbor/sql";
import type { PgAccessArgs } from "./pg-access";
import type { UserSettings } from "./user-settings";

/**
 * Pigsty's four group roles, `dbrole_readonly`, `dbrole_readwrite`, `dbrole_admin` and `dbrole_offline`, for `PgAccess.users`.
 * Create them once for a cluster; `roles` makes users members of them.
 *
 * ```ts
 * new PgAccess("templates", {
 *   target: cluster,
 *   users: roleTemplates(),
 *   ...templatePrivileges("shop", ["shop_owner"]),
 * });
 * new PgUser("report", { target: cluster, username: "report", roles: [{ name: "dbrole_readonly" }] });
 * ```
 */
export function roleTemplates(): Record<string, UserSettings> {
  return Object.fromEntries(
    Object.entries(rolesOfSql()).map(([name, { login, comment, memberships = [] }]): [string, UserSettings] => [
      name,
      { login, comment, roles: memberships.map(({ role, ...options }) => ({ name: role, ...options })) },
    ]),
  );
}

/**
 * Privileges of the four group roles in one database: on the existing objects of `schemas`, and on objects that `creators` (the owner,
 * users that run migrations) create later.
 *
 * @param schemas Default: `public`.
 */
export function templatePrivileges(
  database: string,
  creators: string[],
  schemas: string[] = ["public"],
): Required<Pick<PgAccessArgs, "grants" | "defaultPrivileges">> {
  return privilegesOfSql(database, creators, schemas);
}
