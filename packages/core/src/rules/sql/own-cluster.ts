/** Checks for a cluster of pgharbor, whose admin is not a superuser, so that a preview reports what would fail later. */
import { adminParameters, predefinedRoles, superuserRoles } from "../../model/admin-rights";
import type { DatabaseSpec, MembershipSpec, UserSpec } from "../../spec";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";
import { readDatabase, readUser } from "../../read/cluster";
import { checkAdminMaySet } from "../parameters/session-parameters";

/** First major in which memberships have options, and in which an admin can grant its own attributes. */
const WITH_OPTIONS = 16;

/** Problems of a user besides those of `checkUser`. */
export function checkUserOnCluster(spec: UserSpec, postgresMajor: number): Problem[] {
  const read = readUser("", spec, []) ?? {};
  const { parameters = {}, parametersIn = {}, roles = [] } = read;
  const major = String(postgresMajor);
  return [
    ...problemsOf([
      {
        when: read.superuser === true,
        path: "superuser",
        message:
          "cannot be given: the cluster's admin is not a superuser, and a superuser could do anything to the cluster, got true; leave it out, and give roles that have the rights",
      },
      ...(["replication", "bypassrls"] as const).map((field) => ({
        when: read[field] === true && postgresMajor < WITH_OPTIONS,
        path: field,
        message: `needs a superuser before PostgreSQL 16, and the cluster's admin is not one, got true; leave it out, or use postgresVersion "17"`,
      })),
    ]),
    ...roles.flatMap((role, i) =>
      problemsOf([
        predefinedRow(`${under("roles", i)}.name`, role?.name, postgresMajor),
        ...optionRows(under("roles", i), role ?? {}, read.inherit ?? true, postgresMajor),
      ]),
    ),
    ...checkAdminMaySet("parameters", parameters, major),
    ...Object.entries(parametersIn).flatMap(([database, own]) =>
      checkAdminMaySet(under("parametersIn", database), own ?? {}, major),
    ),
  ];
}

/** Problems of a database besides those of `checkDatabase`. */
export function checkDatabaseOnCluster(spec: DatabaseSpec, postgresMajor: number): Problem[] {
  const { parameters = {}, extensions = [] } = readDatabase("", spec, []) ?? {};
  return [
    ...checkAdminMaySet("parameters", parameters, String(postgresMajor)),
    ...problemsOf(
      extensions.map((extension, i) => ({
        when: superuserExtensions.includes(extension?.name ?? ""),
        path: `${under("extensions", i)}.name`,
        message: `needs a superuser to install, and the cluster's admin is not one, got ${show(extension?.name)}; leave it out`,
      })),
    ),
  ];
}

/** Untrusted extensions in our images: `select name from pg_available_extension_versions where superuser and not trusted`. */
const superuserExtensions = [
  "adminpack",
  "amcheck",
  "autoinc",
  "bloom",
  "dblink",
  "dict_xsyn",
  "earthdistance",
  "file_fdw",
  "insert_username",
  "intagg",
  "moddatetime",
  "old_snapshot",
  "pageinspect",
  "pg_buffercache",
  "pg_freespacemap",
  "pg_prewarm",
  "pg_surgery",
  "pg_visibility",
  "pg_walinspect",
  "pgrowlocks",
  "pgstattuple",
  "postgres_fdw",
  "refint",
  "sslinfo",
  "xml2",
];

/** Problems of a grant on a parameter: the admin can only grant what it has with grant option. */
export function checkParameterGrantOnCluster(path: string, name: string, privileges: readonly string[]): Problem[] {
  const canBe = adminParameters.includes(name.toLowerCase());
  const onlySet = privileges.every((privilege) => privilege.trim().toUpperCase() === "SET");
  return problemsOf([
    {
      when: !canBe,
      path: `${path}.name`,
      message: `cannot be granted by the cluster's admin, which is not a superuser, got ${show(name)}; set it for all users in the cluster's parameters, or leave it out`,
    },
    {
      when: canBe && !onlySet,
      path: `${path}.privileges`,
      message: `only SET can be granted by the cluster's admin, which is not a superuser, got ${show(privileges.join(", "))}; write SET`,
    },
  ]);
}

function predefinedRow(path: string, name: string | undefined, major: number): Row {
  const isPredefined = name?.startsWith("pg_") ?? false;
  const since = predefinedRoles[name ?? ""] ?? Infinity;
  const known = Object.entries(predefinedRoles).flatMap(([role, first]) => (first <= major ? [role] : []));
  const fix = `use one of ${known.join(", ")}, or leave it out`;
  return {
    when: isPredefined && since > major,
    path,
    message: `${refusal(name ?? "", major)}, got ${show(name)}; ${fix}`,
  };
}

function refusal(role: string, major: number): string {
  if (superuserRoles.includes(role)) return "is equivalent to superuser and cannot be granted";
  if (role === "pg_database_owner") return "has the owner of each database as its only member";
  return `is not a role of PostgreSQL ${major}`;
}

function optionRows(at: string, { set, inherit }: Read<MembershipSpec>, userInherits: boolean, major: number): Row[] {
  const tooEarly = (value: unknown) =>
    `can be set for a membership from PostgreSQL 16 on, got ${show(value)} on ${major}; leave it out`;
  return [
    { when: major < WITH_OPTIONS && set === false, path: `${at}.set`, message: tooEarly(set) },
    {
      when: major < WITH_OPTIONS && inherit !== undefined && inherit !== userInherits,
      path: `${at}.inherit`,
      message: `${tooEarly(inherit)}, or set inherit of the user`,
    },
  ];
}
