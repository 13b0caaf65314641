/**
 * Encoding and locale that CREATE DATABASE would refuse. lcCollate and lcCtype override locale, so they may be combined.
 * https://www.postgresql.org/docs/17/sql-createdatabase.html
 */
import type { DatabaseSpec } from "../../spec";
import { problemsOf, show, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

const providers = ["libc", "icu", "builtin"];
/** Server encodings, without the characters that PostgreSQL ignores. */
const encodings = [
  ...["SQLASCII", "UTF8", "UNICODE", "MULEINTERNAL", "EUCJP", "EUCJIS2004", "EUCCN", "EUCKR", "EUCTW"],
  ...Array.from({ length: 10 }, (_, i) => `LATIN${i + 1}`),
  ...[5, 6, 7, 8].map((n) => `ISO8859${n}`),
  ...["KOI8R", "KOI8U", "KOI8", "WIN866", "WIN874"],
  ...Array.from({ length: 9 }, (_, i) => `WIN${1250 + i}`),
];
/** Encodings that ICU does not support. */
const notIcu = ["SQLASCII", "MULEINTERNAL"];
const bare = (encoding: string): string => encoding.toUpperCase().replace(/[^A-Z0-9]/g, "");
const shape = /^[A-Za-z0-9][A-Za-z0-9_.@=;-]{0,63}$/;

export function checkLocale(database: Read<DatabaseSpec>): Problem[] {
  const { template, encoding, locale, lcCollate, lcCtype, icuLocale } = database;
  const differs =
    [locale, lcCollate, lcCtype, icuLocale, database.localeProvider].some((v) => v !== undefined) ||
    bare(encoding ?? "UTF8") !== "UTF8";
  const names = (["locale", "lcCollate", "lcCtype", "icuLocale"] as const).map((field): Row => {
    const value = database[field];
    const message = `must be the name of a locale such as "C.UTF-8" or "de-DE", got ${show(value)}`;
    return { when: value !== undefined && !shape.test(value), path: field, message };
  });
  return problemsOf([
    {
      when: encoding !== undefined && !encodings.includes(bare(encoding)),
      path: "encoding",
      message: `is not an encoding of a PostgreSQL server, got ${show(encoding)}; use "UTF8"`,
    },
    ...names,
    ...providerRows(database),
    {
      when: template === "template1" && differs,
      path: "template",
      message: 'has its own encoding and locale, got "template1"; use "template0", or leave it out',
    },
  ]);
}

function providerRows({ localeProvider, icuLocale, locale, encoding }: Read<DatabaseSpec>): Row[] {
  return [
    {
      when: localeProvider !== undefined && !providers.includes(localeProvider),
      path: "localeProvider",
      message: `must be one of ${providers.join(", ")}, got ${show(localeProvider)}`,
    },
    {
      when: icuLocale !== undefined && localeProvider !== "icu",
      path: "icuLocale",
      message: `needs localeProvider "icu", got ${show(icuLocale)} with ${show(localeProvider ?? "libc")}; set it or leave icuLocale out`,
    },
    {
      when: localeProvider === "icu" && icuLocale === undefined,
      path: "icuLocale",
      message: 'is missing: localeProvider "icu" needs it, for example "und" or "de-DE"',
    },
    {
      when: localeProvider === "icu" && encoding !== undefined && notIcu.includes(bare(encoding)),
      path: "encoding",
      message: `is not supported by ICU, got ${show(encoding)}; use "UTF8"`,
    },
    {
      when: localeProvider === "builtin" && !["C", "C.UTF-8"].includes(locale ?? ""),
      path: "locale",
      message: `must be "C" or "C.UTF-8" with localeProvider "builtin", got ${locale === undefined ? "none" : show(locale)}`,
    },
  ];
}
