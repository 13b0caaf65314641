import type { BadUser } from "./types";

export const badUsers: BadUser[] = [
  { name: "no user", spec: {}, problems: [{ path: "username", message: "is missing; it has no default" }] },
  { name: "user that is none", spec: "app", problems: [{ path: "spec", message: 'must be an object, got "app"' }] },
  {
    name: "superuser",
    spec: { username: "postgres" },
    problems: [{ path: "username", message: 'is reserved, got "postgres"; choose another name' }],
  },
  {
    name: "PostgreSQL's prefix",
    spec: { username: "pg_app" },
    problems: [
      { path: "username", message: 'must not start with pg_, dbaas_, pgharbor_, got "pg_app"; choose another name' },
    ],
  },
  {
    name: "the Service API's prefix",
    spec: { username: "dbaas_app" },
    problems: [
      { path: "username", message: 'must not start with pg_, dbaas_, pgharbor_, got "dbaas_app"; choose another name' },
    ],
  },
  {
    name: "the cluster's prefix, in upper case",
    spec: { username: "PGHARBOR_admin" },
    problems: [
      {
        path: "username",
        message: 'must not start with pg_, dbaas_, pgharbor_, got "PGHARBOR_admin"; choose another name',
      },
    ],
  },
  {
    name: "word that is no name",
    spec: { username: "public" },
    problems: [{ path: "username", message: 'is reserved, got "public"; choose another name' }],
  },
  {
    name: "digit first",
    spec: { username: "1app" },
    problems: [{ path: "username", message: 'must be letters, digits, _ and $, a letter or _ first, got "1app"' }],
  },
  {
    name: "quote, semicolon and line break",
    spec: { username: 'app"; DROP TABLE x;\n--' },
    problems: [
      {
        path: "username",
        message: 'must be letters, digits, _ and $, a letter or _ first, got "app\\"; DROP TABLE x;\\n--"',
      },
    ],
  },
  {
    name: "NUL",
    spec: { username: "app\x00" },
    problems: [
      { path: "username", message: 'must be letters, digits, _ and $, a letter or _ first, got "app\\u0000"' },
    ],
  },
  {
    name: "other alphabet",
    spec: { username: "größe" },
    problems: [{ path: "username", message: 'must be letters, digits, _ and $, a letter or _ first, got "größe"' }],
  },
  {
    name: "text that turns around",
    spec: { username: "‮ppa" },
    problems: [
      { path: "username", message: 'must be letters, digits, _ and $, a letter or _ first, got "\\u202eppa"' },
    ],
  },
  {
    name: "name of 64",
    spec: { username: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
    problems: [
      {
        path: "username",
        message:
          'must be at most 63 characters, got 64: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
      },
    ],
  },
  {
    name: "password too short",
    spec: { username: "app" },
    password: "1234567",
    problems: [{ path: "password", message: "must have 8 to 99 characters, got 7" }],
  },
  {
    name: "password too long",
    spec: { username: "app" },
    password: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    problems: [{ path: "password", message: "must have 8 to 99 characters, got 100" }],
  },
  {
    name: "password with a line break",
    spec: { username: "app" },
    password: "12345678\n",
    problems: [
      { path: "password", message: "must have no line breaks or control characters: files and SCRAM do not keep them" },
    ],
  },
  {
    name: "password as a number",
    spec: { username: "app" },
    password: 12345678,
    problems: [{ path: "password", message: "must be a string, got a number" }],
  },
  ...[
    "md5a3556571e93b0d20722ba62be61e8c2d",
    "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$zkQtDXsoV1M2NF3RGoPfIieFXfq6KMC91Wt+4SIKENg=:UauEXtNk9WIIkYdJM6Ky0OQ0TBuzvZkdTLRBU33gWoA=",
  ].map((password) => ({
    name: `stored form of a password: ${password.slice(0, 5)}`,
    spec: { username: "app" },
    password,
    problems: [
      {
        path: "password",
        message:
          "is a stored form of a password (MD5 or SCRAM-SHA-256), which would be hashed again, so every login would fail; give the password itself",
      },
    ],
  })),
  {
    name: "lone surrogates",
    spec: { username: "app\ud800", comment: "\udc00", parameters: { search_path: "\ud83d" } },
    password: "geheim-\udfff-geheim",
    problems: [
      { path: "username", message: 'must be letters, digits, _ and $, a letter or _ first, got "app\\ud800"' },
      {
        path: "password",
        message: "must not contain a lone surrogate: no connection string can; remove it",
      },
      {
        path: "parameters.search_path",
        message: "must be one line without control characters or lone surrogates; the value is not shown",
      },
      { path: "comment", message: "must not contain a lone surrogate; remove it" },
    ],
  },
  {
    name: "password among the fields",
    spec: { username: "app", password: "geheim-123" },
    problems: [
      {
        path: "password",
        message:
          "is not a field; fields here are username, login, superuser, createdb, createrole, inherit, replication, bypassrls, connlimit, expireIn, expireAt, parameters, parametersIn, comment, roles, pooled",
      },
    ],
  },
  {
    name: "limit of connections",
    spec: { username: "app", connlimit: -2 },
    problems: [{ path: "connlimit", message: "must be a whole number from -1 to 262143, got -2" }],
  },
  {
    name: "two dates of expiry",
    spec: { username: "app", expireIn: 30, expireAt: "2027-01-31" },
    problems: [
      { path: "expireAt", message: 'cannot be combined with expireIn, got "2027-01-31" and 30; leave one of them out' },
    ],
  },
  {
    name: "day that does not exist",
    spec: { username: "app", expireAt: "2027-02-30" },
    problems: [{ path: "expireAt", message: 'must be a date such as "2027-01-31", got "2027-02-30"' }],
  },
  {
    name: "date with a time",
    spec: { username: "app", expireAt: "2027-01-31'; --" },
    problems: [{ path: "expireAt", message: 'must be a date such as "2027-01-31", got "2027-01-31\'; --"' }],
  },
  {
    name: "expired at once",
    spec: { username: "app", expireIn: 0 },
    problems: [{ path: "expireIn", message: "must be a whole number from 1 to 36500, got 0" }],
  },
  {
    name: "member of itself, twice, of the superuser",
    spec: {
      username: "app",
      roles: [{ name: "app" }, { name: "reader" }, { name: "reader" }, { name: "postgres" }, {}],
    },
    problems: [
      { path: "roles[4].name", message: "is missing; it has no default" },
      { path: "roles[0].name", message: 'a user cannot be a member of itself, got "app"; remove it' },
      { path: "roles[2].name", message: 'is listed twice, got "reader"; remove one' },
      { path: "roles[3].name", message: 'is reserved, got "postgres"; choose another name' },
    ],
  },
  {
    name: "switches as text",
    spec: { username: "app", login: "yes", superuser: 1 },
    problems: [
      { path: "login", message: 'must be true or false, got "yes"' },
      { path: "superuser", message: "must be true or false, got 1" },
    ],
  },
  {
    name: "parameter with a line break",
    spec: { username: "app", parameters: { search_path: "a\nb", "x y": "1" } },
    problems: [
      {
        path: "parameters.search_path",
        message: "must be one line without control characters or lone surrogates; the value is not shown",
      },
      {
        path: 'parameters["x y"]',
        message:
          "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
      },
    ],
  },
  {
    name: "pooled as text",
    spec: { username: "app", pooled: "no" },
    problems: [{ path: "pooled", message: 'must be true or false, got "no"' }],
  },
  {
    name: "pool mode of a user, which the cluster has",
    spec: { username: "app", poolMode: "session" },
    problems: [
      {
        path: "poolMode",
        message:
          "is not a field; fields here are username, login, superuser, createdb, createrole, inherit, replication, bypassrls, connlimit, expireIn, expireAt, parameters, parametersIn, comment, roles, pooled",
      },
    ],
  },
  {
    name: "comment with NUL",
    spec: { username: "app", comment: "x\x00" },
    problems: [{ path: "comment", message: "must not contain a NUL character; remove it" }],
  },
];
