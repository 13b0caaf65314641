import type { MembershipSpec, UserSpec } from "../../spec";
import { hasControl, hasLoneSurrogate, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { readUser } from "../../read/cluster";
import { checkSqlName, checkUserName } from "./names";
import { checkComment, checkSessionParameters } from "./settings";

/** All problems of a user. The password is never shown. */
export function checkUser(spec: UserSpec, password?: string): Problem[] {
  const problems: Problem[] = [];
  const read = readUser("", spec, problems) ?? {};
  return [
    ...problems,
    ...checkUserName("username", read.username),
    ...checkPassword(password),
    ...checkExpiry(read),
    ...checkMemberships(read),
    ...checkSessionParameters(read.parameters),
    ...Object.entries(read.parametersIn ?? {}).flatMap(([database, parameters]) => [
      ...checkSqlName(under("parametersIn", database), database, "database"),
      ...checkSessionParameters(parameters, under("parametersIn", database)),
    ]),
    ...checkComment(read.comment),
  ];
}

const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD = 99;

/** The password of a user, from any source. */
export function checkPassword(password: unknown): Problem[] {
  const path = "password";
  if (password === undefined) return [];
  if (typeof password !== "string") return [{ path, message: `must be a string, got a ${typeof password}` }];
  if (isHashed(password)) {
    const message =
      "is a stored form of a password (MD5 or SCRAM-SHA-256), which would be hashed again, so every login would fail; give the password itself";
    return [{ path, message }];
  }
  // Like the Service API, this counts characters, not bytes or surrogates.
  const length = [...password].length;
  return problemsOf([
    {
      when: length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD,
      path,
      message: `must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters, got ${length}`,
    },
    {
      when: hasControl(password),
      path,
      message: "must have no line breaks or control characters: files and SCRAM do not keep them",
    },
    {
      when: hasLoneSurrogate(password),
      path,
      message: "must not contain a lone surrogate: no connection string can; remove it",
    },
  ]);
}

/** Texts that PostgreSQL stores without hashing (get_password_type() of crypt.c). */
const isHashed = (password: string): boolean =>
  /^md5[0-9a-f]{32}$/.test(password) || /^SCRAM-SHA-256\$\d+:[^$:]+\$[^$:]+:[^$:]+$/.test(password);

function checkExpiry({ expireIn, expireAt }: Read<UserSpec>): Problem[] {
  return problemsOf([
    {
      when: expireIn !== undefined && expireAt !== undefined,
      path: "expireAt",
      message: `cannot be combined with expireIn, got ${show(expireAt)} and ${expireIn}; leave one of them out`,
    },
    {
      when: expireAt !== undefined && !isDate(expireAt),
      path: "expireAt",
      message: `must be a date such as "2027-01-31", got ${show(expireAt)}`,
    },
  ]);
}

/** JavaScript reads 30 February as 2 March, so a date is valid only if it is formatted back unchanged. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function checkMemberships({ username, roles = [] }: Read<UserSpec>): Problem[] {
  const twice = repeated(roles.map((role) => role?.name));
  return roles.flatMap((role, i) => {
    const path = `${under("roles", i)}.name`;
    return [
      ...checkRoleName(path, role?.name),
      ...problemsOf([
        {
          when: role?.name !== undefined && role.name === username,
          path,
          message: `a user cannot be a member of itself, got ${show(role?.name)}; remove it`,
        },
        {
          when: twice.includes(i),
          path,
          message: `is listed twice, got ${show(role?.name)}; remove one`,
        },
      ]),
    ];
  });
}

/** PostgreSQL's own roles, such as pg_monitor, may be granted, but not the cluster's own. */
const checkRoleName = (path: string, name: MembershipSpec["name"] | undefined): Problem[] =>
  name?.startsWith("pg_") ? checkSqlName(path, name, "user") : checkUserName(path, name);
