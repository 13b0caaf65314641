import { DatabaseEntry, databasesOf, rolesOf } from "../desired/access";
import { DefaultPrivilege, Grant } from "../desired/grant";
import { Problem } from "../errors";
import { PlanContext } from "./context";
import { PrivilegeAtom } from "./privileges";

/** Refuses what means nothing or two things at once: it would do nothing, or never be as declared. */
export function contradictions({ next }: Pick<PlanContext, "next">): Problem[] {
  const databases = databasesOf(next);
  return [
    ...Object.entries(next.grants ?? {}).flatMap(([label, g]) => {
      const path = `grants.${label}`;
      return [
        ...emptyList(`${path}.columns`, g.columns, "a column, or leave it out"),
        ...optionOfPublic(path, g),
        ...connectOfPublic(path, g, databases.get(g.database ?? "")),
      ];
    }),
    ...Object.entries(next.defaultPrivileges ?? {}).flatMap(([label, p]) => {
      const path = `defaultPrivileges.${label}`;
      return [...emptyList(`${path}.privileges`, p.privileges, "a privilege, or ALL"), ...optionOfPublic(path, p)];
    }),
    ...[...rolesOf(next)].flatMap(([name, role]) => settingProblems(`users.${name}`, role)),
    ...[...databases].flatMap(([name, database]) => settingProblems(`databases.${name}`, database)),
  ];
}

function emptyList(path: string, list: readonly string[] | undefined, fix: string): Problem[] {
  return list?.length === 0 ? [{ path, problem: "must not be empty", value: "[]", fix: `name ${fix}` }] : [];
}

function optionOfPublic(path: string, { role, withGrantOption }: Grant | DefaultPrivilege): Problem[] {
  if (role !== "public" || withGrantOption !== true) return [];
  const problem = "PUBLIC cannot have a grant option";
  return [{ path: `${path}.withGrantOption`, problem, value: "true", fix: "leave it out" }];
}

const CONNECT = /^\s*(CONNECT|ALL|ALL\s+PRIVILEGES)\s*$/i;

/** revokeConnect alone says whether PUBLIC may connect to a declared database; it says nothing of one that is adopted without it. */
const decidesConnect = ({ revokeConnect, adopt }: Pick<DatabaseEntry, "revokeConnect" | "adopt">): boolean =>
  revokeConnect !== undefined || adopt !== true;

function connectOfPublic(path: string, g: Grant, database: DatabaseEntry | undefined): Problem[] {
  if (g.role !== "public" || g.on !== "database" || !database) return [];
  if (database.revokeConnect === false || !decidesConnect(database)) return [];
  return g.privileges
    .filter((word) => CONNECT.test(word))
    .map((word) => ({
      path: `${path}.privileges`,
      problem: `CONNECT is taken from PUBLIC by revokeConnect of database ${g.database}, which is true by default`,
      value: JSON.stringify(word),
      fix: `set databases.${g.database}.revokeConnect: false, or leave CONNECT out`,
    }));
}

function settingProblems(
  path: string,
  { connlimit, parameters = {} }: { connlimit?: number; parameters?: Record<string, unknown> },
): Problem[] {
  const problems: Problem[] = [];
  if (connlimit !== undefined && !Number.isInteger(connlimit)) {
    const fix = "give how many connections there may be at once, or -1 for no limit";
    problems.push({ path: `${path}.connlimit`, problem: "must be a whole number", value: String(connlimit), fix });
  }
  const seen = new Map<string, string>();
  for (const name of Object.keys(parameters)) {
    const first = seen.get(name.toLowerCase());
    const problem = `is the same parameter as ${String(first)}: upper and lower case do not differ`;
    if (first !== undefined)
      problems.push({ path: `${path}.parameters.${name}`, problem, value: JSON.stringify(name), fix: "remove one" });
    seen.set(name.toLowerCase(), name);
  }
  return problems;
}

/** CONNECT that a declared database itself sees to: PUBLIC's, and that of an admin who is no superuser. */
export function isConnectOfDatabase(
  { next, previous, cluster }: Pick<PlanContext, "next" | "previous" | "cluster">,
  doc: PlanContext["previous"],
  { kind, name, grantee, privilege }: PrivilegeAtom,
): boolean {
  const database = next.databases?.[name];
  if (kind !== "database" || privilege !== "CONNECT" || database === undefined) return false;
  const { admin, superuser } = cluster.server;
  return (grantee === "public" && decidesConnect(database)) || (doc === previous && grantee === admin && !superuser);
}
