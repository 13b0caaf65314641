import { saslprep as standardSaslprep } from "@mongodb-js/saslprep";

/*
 * PostgreSQL (pg_saslprep() in src/common/saslprep.c) maps the password, then judges its characters, then normalises it. The library follows
 * RFC 4013: it judges the characters after NFKC. The two differ for characters whose stringprep class is not the one of their NFKC form. The
 * tables below name those characters; they were computed from the Unicode 3.2 character database and the tables of RFC 3454.
 */

/** Characters that PostgreSQL refuses and whose NFKC form it would take: unassigned in Unicode 3.2, and the tone marks of table C.8. */
const REFUSED =
  /[\u0340-\u0341\u03f9\u10fc\u1d2c-\u1dbf\u2090-\u209c\u213b-\u213c\u2150-\u2152\u2189\u2c7c-\u2d6f\u321d-\u321e\u3244-\u3250\u327c-\u327e\u32cc-\u32cf\u32ff\u3377-\u337a\u33de-\u33df\u33ff\ua69c-\uab69\ufa2e-\ufa2f\ufa6b-\ufad9\ufe10-\ufe19\ufe47-\ufe48\u{10781}-\u{1ccf9}\u{1d4c1}\u{1d6a4}-\u{1d6a5}\u{1d7ca}-\u{1d7cb}\u{1e030}-\u{1fbf9}]/u;

/** For each direction: where the characters are that have it although their NFKC form has another one, and what stands in for them. */
const STAND_INS: readonly [characters: RegExp, standIn: string][] = [
  [
    /[\u037a\u2135-\u2138\uff9e-\uff9f\u{1d6c1}\u{1d6db}\u{1d6fb}\u{1d715}\u{1d735}\u{1d74f}\u{1d76f}\u{1d789}\u{1d7a9}\u{1d7c3}]/gu,
    "a",
  ],
  [/[\ufb1d-\ufb28\ufb2a-\ufdfb\ufe70-\ufefc]/gu, "\u05d0"],
  [/[\u20a8\u2100-\u2101\u2103\u2105-\u2106\u2109\u2116\u2120-\u2122\u2e9f\u2ef3\u2f00-\u2fd5]/gu, "1"],
];

const standIns = (password: string): string =>
  STAND_INS.reduce(
    (text, [characters, standIn]) => text.replace(characters, (one) => (one.normalize("NFKC") === one ? one : standIn)),
    password,
  );

/** RFC 3454, table C.1.2: these become spaces. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
/** RFC 3454, table B.1: these are left out. */
const NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200c-\u200d\u2060\ufe00-\ufe0f\ufeff]/g;

/** The SASLprep form of a password as PostgreSQL makes it; undefined where PostgreSQL refuses it and uses the password unchanged. */
export function saslprep(password: string): string | undefined {
  // pg_saslprep() leaves pure ASCII unchanged, control characters too.
  if (/^[\x00-\x7f]*$/.test(password)) return password;
  if (REFUSED.test(password)) return undefined;
  try {
    standardSaslprep(standIns(password), { allowUnassigned: false });
  } catch {
    return undefined;
  }
  return password.replace(SPACES, " ").replace(NOTHING, "").normalize("NFKC") || undefined;
}
