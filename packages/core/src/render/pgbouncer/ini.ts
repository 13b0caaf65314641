import { sortedEntries } from "../text/sorted";

export type IniValues = Readonly<Record<string, string | number>>;

/** A section of PgBouncer's ini file: `key = value` to the end of the line, without quotes (cf_load_file() of libusual). */
export const iniSection = (name: string, values: IniValues): string => `[${name}]\n${iniLines(values)}`;

export const iniLines = (values: IniValues): string =>
  sortedEntries(values)
    .map(([key, value]) => `${iniKey(key)} = ${iniValue(key, String(value))}`.trimEnd() + "\n")
    .join("");

/** PgBouncer 1.24 has no quotes for keys (parse_ini_file_internal() of libusual), so no other key can be written. */
function iniKey(key: string): string {
  if (/^[\w.*-]+$/.test(key)) return key;
  throw new Error(`pgbouncer.ini: ${JSON.stringify(key)} cannot be a key: letters, digits, _, ., * and - only`);
}

function iniValue(key: string, value: string): string {
  if (/\p{Cc}/u.test(value) || value !== value.trim()) {
    throw new Error(`pgbouncer.ini: ${key} cannot be ${JSON.stringify(value)}: one line without spaces around it`);
  }
  return value;
}

/** The value of a line in [databases]: single quotes, doubled inside (parse_database() of loader.c). */
export const connectString = (values: IniValues): string =>
  sortedEntries(values)
    .map(
      ([key, value]) =>
        `${key}=${/^[\w./:-]+$/.test(String(value)) ? value : `'${String(value).replace(/'/g, "''")}'`}`,
    )
    .join(" ");
