import { roleTemplates as rolesOfSql, templatePrivileges as privilegesOfSql } from "@pgharbor/sql";
import type { PgAccessArgs } from "./pg-access";
import type { UserSettings } from "./user-settings";

/**
 * Pigsty's four group roles, `dbrole_readonly`, `dbrole_readwrite`, `dbrole_admin` and `dbrole_offline`, for `PgAccess.users`.
 * Make them once a cluster; users become members of them by `roles`.
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
 * What the four group roles may do in one database: with the objects that `schemas` hold now, and with all that `creators`
 * (the owner, users that run migrations) will make.
 *
 * @param schemas The schemas meant. Default: `public`.
 */
export function templatePrivileges(
  database: string,
  creators: string[],
  schemas: string[] = ["public"],
): Required<Pick<PgAccessArgs, "grants" | "defaultPrivileges">> {
  return privilegesOfSql(database, creators, schemas);
}
