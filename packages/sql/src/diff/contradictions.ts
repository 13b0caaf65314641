import { databasesOf, rolesOf } from "../desired/access";
import type { DefaultPrivilege, Grant } from "../desired/grant";
import type { Explanation } from "../errors";
import { recordOf } from "../ownership/ownership";
import type { PlanContext } from "./context";
import type { PrivilegeAtom } from "./privilege-atoms";

type Deciding = Pick<PlanContext, "next" | "cluster" | "ownership">;

/** Refuses declarations without an effect, and contradictory ones that could never be reached. */
export function contradictions(ctx: Deciding): Explanation[] {
  const { next } = ctx;
  return [
    ...Object.entries(next.grants ?? {}).flatMap(([label, g]) => {
      const path = `grants.${label}`;
      return [
        ...emptyList(`${path}.columns`, g.columns, "a column, or leave it out"),
        ...optionOfPublic(path, g),
        ...connectOfPublic(ctx, path, g),
      ];
    }),
    ...Object.entries(next.defaultPrivileges ?? {}).flatMap(([label, p]) => {
      const path = `defaultPrivileges.${label}`;
      return [...emptyList(`${path}.privileges`, p.privileges, "a privilege, or ALL"), ...optionOfPublic(path, p)];
    }),
    ...[...rolesOf(next)].flatMap(([name, role]) => settingProblems(`users.${name}`, role)),
    ...[...databasesOf(next)].flatMap(([name, database]) => settingProblems(`databases.${name}`, database)),
  ];
}

function emptyList(path: string, list: readonly string[] | undefined, fix: string): Explanation[] {
  return list?.length === 0 ? [{ path, problem: "must not be empty", value: "[]", fix: `name ${fix}` }] : [];
}

function optionOfPublic(path: string, { role, withGrantOption }: Grant | DefaultPrivilege): Explanation[] {
  if (role !== "public" || withGrantOption !== true) return [];
  const problem = "PUBLIC cannot have a grant option";
  return [{ path: `${path}.withGrantOption`, problem, value: "true", fix: "leave it out" }];
}

const CONNECT = /^\s*(CONNECT|ALL|ALL\s+PRIVILEGES)\s*$/i;

/**
 * True if revokeConnect of a database decides about CONNECT of PUBLIC, here or in another declaration that manages it. It does not for a
 * database that is adopted without it.
 */
function decidesConnect({ next, ownership }: Deciding, name: string): boolean {
  const database = next.databases?.[name];
  if (database !== undefined) return database.revokeConnect !== undefined || database.adopt !== true;
  const record = recordOf(ownership, "database", name);
  return record?.adopted === false && record.declaration !== ownership?.declaration;
}

function connectOfPublic(ctx: Deciding, path: string, g: Grant): Explanation[] {
  const name = g.database ?? "";
  if (g.role !== "public" || g.on !== "database" || !decidesConnect(ctx, name)) return [];
  const database = ctx.next.databases?.[name];
  const isOpen = database ? database.revokeConnect === false : ctx.cluster.databases.get(name)?.publicConnect !== false;
  if (isOpen) return [];
  const manager = database ? "" : `, which ${recordOf(ctx.ownership, "database", name)?.declaration} manages`;
  return g.privileges
    .filter((word) => CONNECT.test(word))
    .map((word) => ({
      path: `${path}.privileges`,
      problem: `CONNECT is taken from PUBLIC by revokeConnect of database ${name}${manager}: true is the default`,
      value: JSON.stringify(word),
      fix: "set revokeConnect: false there, or leave CONNECT out",
    }));
}

function settingProblems(
  path: string,
  { connlimit, parameters = {} }: { connlimit?: number; parameters?: Record<string, unknown> },
): Explanation[] {
  const problems: Explanation[] = [];
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

/** CONNECT that a managed database handles itself: PUBLIC's, and that of an admin who is no superuser. */
export function isConnectOfDatabase(
  ctx: Deciding & Pick<PlanContext, "previous">,
  doc: PlanContext["previous"],
  { kind, name, grantee, privilege }: PrivilegeAtom,
): boolean {
  if (kind !== "database" || privilege !== "CONNECT") return false;
  if (grantee === "public") return decidesConnect(ctx, name);
  const { admin, superuser } = ctx.cluster.server;
  return ctx.next.databases?.[name] !== undefined && doc === ctx.previous && grantee === admin && !superuser;
}
