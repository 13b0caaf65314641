import type { CatalogDatabase } from "../catalog/types";
import { rolesOf } from "../desired/access";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";
import { databasesToDrop } from "./drop";
import { parameterChanges } from "./parameters";

/** Parameters of roles in one database. `found`: existing and planned databases. */
export function planParametersIn(ctx: PlanContext, found: ReadonlyMap<string, CatalogDatabase>): Statement[] {
  const before = rolesOf(ctx.previous);
  // Dropping a database also removes the settings in it.
  const dropped = new Set(databasesToDrop(ctx));
  return [...rolesOf(ctx.next).values()].flatMap((role) => {
    const [previous, next] = [before.get(role.name)?.parametersIn ?? {}, role.parametersIn ?? {}];
    const stored = ctx.cluster.roles.get(role.name)?.parametersIn ?? {};
    return [...new Set([...Object.keys(previous), ...Object.keys(next)])].sort().flatMap((database) => {
      const isThere = found.has(database) && !dropped.has(database);
      if (!isThere && next[database] !== undefined) ctx.problems.push(missing(role.name, database));
      if (!isThere) return [];
      return parameterChanges(previous[database], next[database], stored[database] ?? {}).map((clause) =>
        statement(
          `ALTER ROLE ${ident(role.name)} IN DATABASE ${ident(database)} ${clause}`,
          "parameter in one database not as declared",
        ),
      );
    });
  });
}

const missing = (role: string, database: string) => ({
  path: `users.${role}.parametersIn.${database}`,
  problem: "the database does not exist",
  value: JSON.stringify(database),
  fix: "declare it before the user, or both in one document, or create it before",
});
