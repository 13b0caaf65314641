/** Allowed names of PostgreSQL objects: plain ones, because people also write them by hand. */
import { LONGEST_NAME } from "../shared/patterns";
import { problemsOf, show, type Problem } from "../../errors";

const kinds = {
  user: { shape: /^[A-Za-z_][A-Za-z0-9_$]*$/, signs: "letters, digits, _ and $" },
  database: { shape: /^[A-Za-z_][A-Za-z0-9_]*$/, signs: "letters, digits and _" },
  schema: { shape: /^[A-Za-z_][A-Za-z0-9_$]*$/, signs: "letters, digits, _ and $" },
} as const;
export type SqlKind = keyof typeof kinds;

export function checkSqlName(path: string, name: string | undefined, kind: SqlKind): Problem[] {
  if (name === undefined) return [];
  const { shape, signs } = kinds[kind];
  return problemsOf([
    {
      when: !shape.test(name),
      path,
      message: `must be ${signs}, a letter or _ first, got ${show(name)}`,
    },
    {
      when: shape.test(name) && name.length > LONGEST_NAME,
      path,
      message: `must be at most ${LONGEST_NAME} characters, got ${name.length}: ${show(name)}`,
    },
  ]);
}

/** Prefixes of roles reserved by PostgreSQL, the Service API and pgharbor, and words that PostgreSQL does not accept as names. */
const prefixes = ["pg_", "dbaas_", "pgharbor_"];
const words = ["postgres", "public", "none"];

/** A name for a user of the program, reserved neither by PostgreSQL nor by the cluster. */
export function checkUserName(path: string, name: string | undefined): Problem[] {
  if (name === undefined) return [];
  const lower = name.toLowerCase();
  return [
    ...checkSqlName(path, name, "user"),
    ...problemsOf([
      {
        when: words.includes(lower),
        path,
        message: `is reserved, got ${show(name)}; choose another name`,
      },
      {
        when: prefixes.some((prefix) => lower.startsWith(prefix)),
        path,
        message: `must not start with ${prefixes.join(", ")}, got ${show(name)}; choose another name`,
      },
    ]),
  ];
}
