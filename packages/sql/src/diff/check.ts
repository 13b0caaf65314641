import { type DefaultPrivilege, type Grant, GrantKind } from "../desired/grant";
import { ExplainedError, type Explanation } from "../errors";
import { ident, parameterName } from "../quote";
import { defaultPrivilegeAtoms, grantProblems, privilegesOf } from "./privileges";

/** The newest supported server; its privileges are allowed if the version is unknown. */
const NEWEST = 180000;

const IN_SCHEMA: readonly GrantKind[] = [
  "schema",
  "table",
  "allTables",
  "sequence",
  "allSequences",
  "function",
  "allFunctions",
  "type",
];
const WITHOUT_NAME: readonly GrantKind[] = ["database", "schema", "allTables", "allSequences", "allFunctions"];
const SHARED: readonly GrantKind[] = ["tablespace", "parameter"];

/**
 * All problems of a grant that do not depend on the server: its shape, privileges and names. `version` as in server_version_num. `g` must
 * have the fields and types of a `Grant`.
 */
export function checkGrant(path: string, g: Grant, version = NEWEST): Explanation[] {
  const problems = grantProblems(path, g);
  privilegesOf(path, g.on, g.privileges, g.columns !== undefined, version, problems);
  const refuseUnused = (field: "database" | "schema" | "name", where: readonly GrantKind[], problem: string): void => {
    if (g[field] === undefined || !where.includes(g.on)) return;
    problems.push({ path: `${path}.${field}`, problem, value: JSON.stringify(g[field]), fix: "leave it out" });
  };
  refuseUnused("database", SHARED, `a ${g.on} is in no database`);
  refuseUnused("schema", kindsBut(IN_SCHEMA), `a ${g.on} is in no schema`);
  refuseUnused("name", WITHOUT_NAME, `has no effect on ${g.on}, which is known without it`);
  if (g.columns?.length === 0)
    problems.push({
      path: `${path}.columns`,
      problem: "must not be empty",
      value: "[]",
      fix: "name a column, or leave it out",
    });
  return [
    ...problems,
    ...nameProblems(`${path}.role`, g.role),
    ...nameProblems(`${path}.database`, g.database || undefined),
    ...nameProblems(`${path}.schema`, g.schema),
    // A function's name includes its argument types, which may be long.
    ...(g.on === "function"
      ? []
      : nameProblems(`${path}.name`, g.name || undefined, g.on === "parameter" ? parameterName : ident)),
    ...(g.columns ?? []).flatMap((column, i) => nameProblems(`${path}.columns[${i}]`, column)),
  ];
}

/** The same for a default privilege. */
export function checkDefaultPrivilege(path: string, p: DefaultPrivilege, version = NEWEST): Explanation[] {
  const problems: Explanation[] = [];
  defaultPrivilegeAtoms(path, p, version, problems);
  if (p.privileges.length === 0)
    problems.push({
      path: `${path}.privileges`,
      problem: "must not be empty",
      value: "[]",
      fix: "name a privilege, or ALL",
    });
  return [
    ...problems,
    ...(["database", "owner", "schema", "role"] as const).flatMap((f) => nameProblems(`${path}.${f}`, p[f])),
  ];
}

const kindsBut = (kinds: readonly GrantKind[]): GrantKind[] =>
  Object.values(GrantKind).filter((kind) => !kinds.includes(kind));

/** The errors that quoting a name throws. */
function nameProblems(path: string, name: string | undefined, quote: (name: string) => string = ident): Explanation[] {
  if (name === undefined) return [];
  try {
    quote(name);
    return [];
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    return error.problems.map((problem) => ({ ...problem, path }));
  }
}
