import { localeDifferences } from "../catalog/database-locale";
import type { CatalogDatabase } from "../catalog/types";
import type { DesiredDatabase } from "../desired/database";
import type { PlanContext } from "./context";

/** Refuses changes that an existing database does not support. It is never replaced, because its data would be lost. */
export function checkAgainstServer(
  ctx: PlanContext,
  path: string,
  next: DesiredDatabase,
  found: CatalogDatabase,
): void {
  for (const { field, wanted, actual } of localeDifferences(next, found, ctx.cluster.normalForms)) {
    const problem = `cannot be changed in place: the database on the server has ${JSON.stringify(actual)}`;
    const fix = `declare ${JSON.stringify(actual)}, or make a database of another name and move the data there`;
    ctx.problems.push({ path: `${path}.${field}`, problem, value: JSON.stringify(wanted), fix });
  }
}
