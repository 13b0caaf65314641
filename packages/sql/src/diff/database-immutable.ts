import { CatalogDatabase } from "../catalog/types";
import { DesiredDatabase } from "../desired/database";
import { encodingForm, localeForm } from "../desired/locale-form";
import { PlanContext } from "./context";

/** Finds where a database that exists differs in what cannot be changed: adopted ones, and those made again by hand. */
export function checkAgainstServer(
  ctx: PlanContext,
  path: string,
  next: DesiredDatabase,
  found: CatalogDatabase,
): void {
  const compare = (field: string, wanted: string | undefined, actual: string, form: (s: string) => string): void => {
    if (wanted === undefined || form(wanted) === form(actual)) return;
    const problem = `cannot be changed in place: the database on the server has ${JSON.stringify(actual)}`;
    const fix = `declare ${JSON.stringify(actual)}, or make a new database and move the data`;
    ctx.problems.push({ path: `${path}.${field}`, problem, value: JSON.stringify(wanted), fix });
  };
  compare("encoding", next.encoding, found.encoding, encodingForm);
  compare("lcCollate", next.lcCollate, found.collate, localeForm);
  compare("lcCtype", next.lcCtype, found.ctype, localeForm);
  compare("localeProvider", next.localeProvider, found.provider, (s) => s.toLowerCase());
  compare("icuLocale", next.icuLocale, found.locale ?? "", localeForm);
  if (next.lcCollate === undefined) compare("locale", next.locale, found.collate, localeForm);
}
