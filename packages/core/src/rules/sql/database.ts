import type { DatabaseSpec, ExtensionSpec, SchemaSpec } from "../../spec";
import { checkLocale } from "./locale";
import { hasControl, LONGEST_NAME, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { readDatabase } from "../../read/cluster";
import { checkSqlName, checkUserName } from "./names";
import { checkComment, checkSessionParameters, storableRows } from "./settings";

/** Databases that always exist, and PgBouncer's console, which hides a database of its name. */
const reserved = ["postgres", "template0", "template1", "pgbouncer"];

/** All problems of a database. `declaredUsers`: the users that may own it; absent on a server that has other users, too. */
export function checkDatabase(spec: DatabaseSpec, declaredUsers?: string[]): Problem[] {
  const problems: Problem[] = [];
  const read = readDatabase("", spec, problems) ?? {};
  const { name } = read;
  return [
    ...problems,
    ...checkSqlName("name", name, "database"),
    ...problemsOf([
      {
        when: name !== undefined && reserved.includes(name),
        path: "name",
        message: `is reserved, got ${show(name)}; choose another name`,
      },
      ...storableRows("baseline", read.baseline),
    ]),
    ...checkOwner("owner", read.owner, declaredUsers),
    ...checkSqlName("template", read.template, "database"),
    ...checkSqlName("tablespace", read.tablespace, "schema"),
    ...checkLocale(read),
    ...checkSchemas(read.schemas, declaredUsers),
    ...checkExtensions(read.extensions),
    ...checkSessionParameters(read.parameters),
    ...checkComment(read.comment),
  ];
}

function checkOwner(path: string, owner: string | undefined, declared: string[] | undefined): Problem[] {
  if (owner === undefined || declared?.includes(owner)) return [];
  if (declared === undefined) return checkSqlName(path, owner, "user");
  const named = checkUserName(path, owner);
  if (named.length > 0) return named;
  const choices = declared.length === 0 ? "there is none" : `those are ${declared.map(show).slice(0, 10).join(", ")}`;
  return [{ path, message: `must be a declared user, got ${show(owner)}; ${choices}; declare it first` }];
}

function checkSchemas(schemas: Read<SchemaSpec[]> = [], declared: string[] | undefined): Problem[] {
  const twice = repeated(schemas.map((schema) => schema?.name));
  return schemas.flatMap((schema, i) => {
    const at = under("schemas", i);
    const lower = schema?.name?.toLowerCase() ?? "";
    return [
      ...checkSqlName(`${at}.name`, schema?.name, "schema"),
      ...problemsOf([
        {
          when: lower.startsWith("pg_") || lower === "information_schema",
          path: `${at}.name`,
          message: `is reserved by PostgreSQL, got ${show(schema?.name)}; choose another name`,
        },
        {
          when: twice.includes(i),
          path: `${at}.name`,
          message: `is listed twice, got ${show(schema?.name)}; remove one`,
        },
      ]),
      ...checkOwner(`${at}.owner`, schema?.owner, declared),
    ];
  });
}

const extension = /^[a-z_][a-z0-9_-]*$/i;

function checkExtensions(extensions: Read<ExtensionSpec[]> = []): Problem[] {
  const twice = repeated(extensions.map((one) => one?.name));
  return extensions.flatMap((one, i) => {
    const at = under("extensions", i);
    const { name, version } = one ?? {};
    return [
      ...problemsOf([
        {
          when: name !== undefined && !(extension.test(name) && name.length <= LONGEST_NAME),
          path: `${at}.name`,
          message: `must be the name of an extension such as "vector" or "uuid-ossp", got ${show(name)}`,
        },
        {
          when: twice.includes(i),
          path: `${at}.name`,
          message: `is listed twice, got ${show(name)}; remove one`,
        },
        {
          when: version !== undefined && (hasControl(version) || !/^\w[\w.+-]{0,62}$/.test(version)),
          path: `${at}.version`,
          message: `must be a version such as "1.6", got ${show(version)}`,
        },
      ]),
      ...checkSqlName(`${at}.schema`, one?.schema, "schema"),
    ];
  });
}
