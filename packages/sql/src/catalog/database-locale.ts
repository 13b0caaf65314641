import type { DesiredDatabase } from "../desired/database";
import { icuForm, libcForm } from "../desired/locale-form";
import type { CatalogDatabase, NormalForms } from "./types";

type LocaleField = "encoding" | "locale" | "lcCollate" | "lcCtype" | "localeProvider" | "icuLocale";

/** A locale property in which a database differs from its declaration. */
export interface LocaleDifference {
  field: LocaleField;
  wanted: string;
  /** In the catalog's spelling. */
  actual: string;
}

/** Compares in the server's own form, so that another spelling is no difference. */
export function localeDifferences(
  next: DesiredDatabase,
  found: CatalogDatabase,
  forms: NormalForms,
): LocaleDifference[] {
  const out: LocaleDifference[] = [];
  const compare = (
    field: LocaleField,
    actual: string | null,
    same: (wanted: string, actual: string) => boolean,
  ): void => {
    const wanted = next[field];
    const current = actual ?? "";
    if (wanted === undefined || wanted === current || same(wanted, current) || out.some((d) => d.field === field))
      return;
    out.push({ field, wanted, actual: current });
  };
  const sameEncoding = (a: string, b: string): boolean => (forms.encodings.get(a) ?? a) === b;
  const sameLibc = (a: string, b: string): boolean => libcForm(a) === libcForm(b);
  const sameIcu = (a: string, b: string): boolean =>
    (forms.icuLocales.get(a) ?? a) === (forms.icuLocales.get(b) ?? b) || icuForm(a) === icuForm(b);
  compare("encoding", found.encoding, sameEncoding);
  compare("localeProvider", found.provider, (a, b) => a.toLowerCase() === b);
  compare("lcCollate", found.collate, sameLibc);
  compare("lcCtype", found.ctype, sameLibc);
  compare("icuLocale", found.locale, sameIcu);
  // LOCALE sets what the other fields leave out.
  if (next.lcCollate === undefined) compare("locale", found.collate, sameLibc);
  if (next.lcCtype === undefined) compare("locale", found.ctype, sameLibc);
  if (next.icuLocale === undefined && next.localeProvider !== undefined && found.locale !== null)
    compare("locale", found.locale, found.provider === "icu" ? sameIcu : sameLibc);
  return out;
}
