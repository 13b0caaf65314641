import type { BadDatabase } from "./types";

export const badDatabases: BadDatabase[] = [
  { name: "no database", spec: {}, problems: [{ path: "name", message: "is missing; it has no default" }] },
  {
    name: "reserved",
    spec: { name: "template1" },
    problems: [{ path: "name", message: 'is reserved, got "template1"; choose another name' }],
  },
  {
    name: "PgBouncer's console",
    spec: { name: "pgbouncer" },
    problems: [{ path: "name", message: 'is reserved, got "pgbouncer"; choose another name' }],
  },
  {
    name: "dollar",
    spec: { name: "shop$" },
    problems: [{ path: "name", message: 'must be letters, digits and _, a letter or _ first, got "shop$"' }],
  },
  {
    name: "quote and line break",
    spec: { name: 'shop"\n' },
    problems: [{ path: "name", message: 'must be letters, digits and _, a letter or _ first, got "shop\\"\\n"' }],
  },
  {
    name: "name of 64",
    spec: { name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    problems: [
      {
        path: "name",
        message:
          'must be at most 63 characters, got 64: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
      },
    ],
  },
  {
    name: "owner not declared",
    spec: { name: "shop", owner: "shop_owner" },
    declaredUsers: ["app", "reader"],
    problems: [
      {
        path: "owner",
        message: 'must be a declared user, got "shop_owner"; those are "app", "reader"; declare it first',
      },
    ],
  },
  {
    name: "owner, and nobody declared",
    spec: { name: "shop", owner: "app" },
    declaredUsers: [],
    problems: [{ path: "owner", message: 'must be a declared user, got "app"; there is none; declare it first' }],
  },
  {
    name: "owner is the superuser",
    spec: { name: "shop", owner: "postgres" },
    declaredUsers: ["app"],
    problems: [{ path: "owner", message: 'is reserved, got "postgres"; choose another name' }],
  },
  {
    name: "encoding of a client",
    spec: { name: "shop", encoding: "SJIS" },
    problems: [{ path: "encoding", message: 'is not an encoding of a PostgreSQL server, got "SJIS"; use "UTF8"' }],
  },
  {
    name: "ICU locale without ICU",
    spec: { name: "shop", icuLocale: "de-DE" },
    problems: [
      {
        path: "icuLocale",
        message: 'needs localeProvider "icu", got "de-DE" with "libc"; set it or leave icuLocale out',
      },
    ],
  },
  {
    name: "ICU without its locale",
    spec: { name: "shop", localeProvider: "icu" },
    problems: [
      { path: "icuLocale", message: 'is missing: localeProvider "icu" needs it, for example "und" or "de-DE"' },
    ],
  },
  {
    name: "ICU with an encoding that it does not know",
    spec: { name: "shop", localeProvider: "icu", icuLocale: "und", encoding: "SQL_ASCII" },
    problems: [{ path: "encoding", message: 'is not supported by ICU, got "SQL_ASCII"; use "UTF8"' }],
  },
  {
    name: "builtin with a locale that it does not have",
    spec: { name: "shop", localeProvider: "builtin", locale: "de_DE" },
    problems: [{ path: "locale", message: 'must be "C" or "C.UTF-8" with localeProvider "builtin", got "de_DE"' }],
  },
  {
    name: "provider unknown",
    spec: { name: "shop", localeProvider: "glibc" },
    problems: [{ path: "localeProvider", message: 'must be one of libc, icu, builtin, got "glibc"' }],
  },
  {
    name: "locale with a quote",
    spec: { name: "shop", locale: "C'; --" },
    problems: [{ path: "locale", message: 'must be the name of a locale such as "C.UTF-8" or "de-DE", got "C\'; --"' }],
  },
  {
    name: "template of another locale",
    spec: { name: "shop", template: "template1", locale: "C" },
    problems: [
      {
        path: "template",
        message: 'has its own encoding and locale, got "template1"; use "template0", or leave it out',
      },
    ],
  },
  {
    name: "schemas twice, PostgreSQL's, hostile",
    spec: {
      name: "shop",
      schemas: [{ name: "a" }, { name: "a" }, { name: "pg_x" }, { name: 'a"b' }, { name: "c", owner: "nobody" }],
    },
    declaredUsers: ["app"],
    problems: [
      { path: "schemas[1].name", message: 'is listed twice, got "a"; remove one' },
      { path: "schemas[2].name", message: 'is reserved by PostgreSQL, got "pg_x"; choose another name' },
      { path: "schemas[3].name", message: 'must be letters, digits, _ and $, a letter or _ first, got "a\\"b"' },
      { path: "schemas[4].owner", message: 'must be a declared user, got "nobody"; those are "app"; declare it first' },
    ],
  },
  {
    name: "extensions twice, hostile",
    spec: {
      name: "shop",
      extensions: [
        { name: "vector" },
        { name: "vector" },
        { name: "x; DROP" },
        { name: "pg_trgm", version: "1'", schema: "a b" },
      ],
    },
    problems: [
      { path: "extensions[1].name", message: 'is listed twice, got "vector"; remove one' },
      {
        path: "extensions[2].name",
        message: 'must be the name of an extension such as "vector" or "uuid-ossp", got "x; DROP"',
      },
      { path: "extensions[3].version", message: 'must be a version such as "1.6", got "1\'"' },
      { path: "extensions[3].schema", message: 'must be letters, digits, _ and $, a letter or _ first, got "a b"' },
    ],
  },
  {
    name: "pool settings of a database, which the cluster has",
    spec: { name: "shop", pooled: false, poolSize: 5 },
    problems: ["pooled", "poolSize"].map((path) => ({
      path,
      message:
        "is not a field; fields here are name, owner, template, encoding, locale, lcCollate, lcCtype, localeProvider, icuLocale, tablespace, allowConnections, connlimit, revokeConnect, parameters, schemas, extensions, baseline, baselineTimeout, comment",
    })),
  },
  {
    name: "baseline and comment with NUL",
    spec: { name: "shop", owner: "app", baseline: "select\x00", comment: "\x00" },
    problems: [
      { path: "baseline", message: "must not contain a NUL character; remove it" },
      { path: "comment", message: "must not contain a NUL character; remove it" },
    ],
  },
];
