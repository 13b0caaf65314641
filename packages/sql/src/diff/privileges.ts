import type { CatalogObject, FoundPrivilege, PrivilegeMap } from "../catalog/types";
import { grantOfOwner, privilegeKey } from "../catalog/query";
import type { DefaultPrivilege, Grant, GrantKind } from "../desired/grant";
import type { Explanation } from "../errors";
import type { AtomMap, PrivilegeAtom, PrivilegeChanges } from "./privilege-atoms";
import { columnsToGrantAgain } from "./column-privileges";

const TABLE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
const SEQUENCE = ["USAGE", "SELECT", "UPDATE"];

/** The privileges of a kind of object; ALL means all of them. */
function known(kind: string, version: number, columns: boolean): string[] {
  switch (kind) {
    case "database":
      return ["CREATE", "CONNECT", "TEMPORARY"];
    case "tablespace":
      return ["CREATE"];
    case "parameter":
      return ["SET", "ALTER SYSTEM"];
    case "schema":
    case "schemas":
      return ["USAGE", "CREATE"];
    case "table":
    case "allTables":
    case "tables":
      if (columns) return ["SELECT", "INSERT", "UPDATE", "REFERENCES"];
      return version >= 170000 ? [...TABLE, "MAINTAIN"] : TABLE;
    case "sequence":
    case "allSequences":
    case "sequences":
      return SEQUENCE;
    case "function":
    case "allFunctions":
    case "functions":
      return ["EXECUTE"];
    default:
      return ["USAGE"];
  }
}

const OBJECT_OF: Partial<Record<GrantKind, string>> = {
  allTables: "table",
  allSequences: "sequence",
  allFunctions: "function",
};
const NEEDS_NAME: readonly GrantKind[] = [
  "table",
  "sequence",
  "function",
  "type",
  "language",
  "foreignServer",
  "foreignDataWrapper",
  "tablespace",
  "parameter",
];

/** The declared privileges in the server's spelling, with ALL expanded. */
export function privilegesOf(
  path: string,
  on: string,
  list: readonly string[],
  columns: boolean,
  version: number,
  problems: Explanation[],
): string[] {
  const all = known(on, version, columns);
  const out = list.flatMap((word) => {
    const name = word.trim().toUpperCase().replace(/\s+/g, " ");
    if (name === "ALL" || name === "ALL PRIVILEGES") return all;
    if (name === "TEMP") return ["TEMPORARY"];
    if (all.includes(name)) return [name];
    const fix = `use ${all.join(", ")} or ALL`;
    problems.push({
      path: `${path}.privileges`,
      problem: `unknown privilege for ${on}`,
      value: JSON.stringify(word),
      fix,
    });
    return [];
  });
  return [...new Set(out)];
}

/** Problems in the shape of a grant, which need no server. */
export function grantProblems(path: string, g: Grant): Explanation[] {
  const problems: Explanation[] = [];
  const add = (field: string, problem: string, value: unknown, fix: string): void =>
    void problems.push({
      path: `${path}.${field}`,
      problem,
      value: value === undefined ? "nothing" : JSON.stringify(value),
      fix,
    });
  if (g.on !== "tablespace" && g.on !== "parameter" && !g.database)
    add("database", `must be given for ${g.on}`, g.database, "name the database");
  if (NEEDS_NAME.includes(g.on) && !g.name) add("name", `must be given for ${g.on}`, g.name, "name the object");
  if (g.on === "function" && g.name && !/^[^()]+\(.*\)$/s.test(g.name)) {
    add(
      "name",
      "must be a function with its argument types",
      g.name,
      'write it as "total(integer, date)", or "now()" without arguments',
    );
  }
  if (g.columns && g.on !== "table")
    add("columns", `${g.on} has no columns`, g.columns, "leave it out, or use on: table");
  if (g.privileges.length === 0) add("privileges", "must not be empty", g.privileges, "name a privilege, or ALL");
  return problems;
}

/** The atoms of a grant on existing objects. `objects` are those of the grant's database. */
export function grantAtoms(
  path: string,
  g: Grant,
  objects: readonly CatalogObject[],
  version: number,
  problems: Explanation[],
): PrivilegeAtom[] {
  const privileges = privilegesOf(path, g.on, g.privileges, g.columns !== undefined, version, problems);
  const schema = g.schema ?? "public";
  const bulk = OBJECT_OF[g.on];
  let targets: { kind: string; schema: string; name: string }[];
  if (bulk !== undefined)
    targets = objects.filter((o) => o.kind === bulk && o.schema === schema && o.ofExtension !== true);
  else if (g.on === "database") targets = [{ kind: "database", schema: "", name: g.database ?? "" }];
  else if (g.on === "schema") targets = [{ kind: "schema", schema: "", name: schema }];
  else if (g.on === "parameter") targets = [{ kind: "parameter", schema: "", name: (g.name ?? "").toLowerCase() }];
  else if (g.on === "function")
    targets = [{ kind: "function", schema, name: functionName(g.name ?? "", schema, objects) }];
  else if (["table", "sequence", "type"].includes(g.on)) targets = [{ kind: g.on, schema, name: g.name ?? "" }];
  else targets = [{ kind: g.on, schema: "", name: g.name ?? "" }];
  return targets.flatMap((t) =>
    privileges.flatMap((privilege) =>
      (g.columns ?? [""]).map((column) => ({
        ...t,
        column,
        grantee: g.role,
        privilege,
        grantable: g.withGrantOption === true,
      })),
    ),
  );
}

/** The server's name of a function, whatever the declared spelling: two spellings must not be two functions. */
function functionName(written: string, schema: string, objects: readonly CatalogObject[]): string {
  const found = objects.find(
    (o) => o.kind === "function" && o.schema === schema && (o.name === written || o.spellings?.includes(written)),
  );
  return found?.name ?? written;
}

/** The atoms of a default privilege, whose object is named after the creating role. */
export function defaultPrivilegeAtoms(
  path: string,
  p: DefaultPrivilege,
  version: number,
  problems: Explanation[],
): PrivilegeAtom[] {
  if (p.on === "schemas" && p.schema !== undefined) {
    problems.push({
      path: `${path}.schema`,
      problem: "schemas are not in a schema",
      value: JSON.stringify(p.schema),
      fix: "leave it out",
    });
  }
  return privilegesOf(path, p.on, p.privileges, false, version, problems).map((privilege) => ({
    kind: p.on,
    schema: p.schema ?? "",
    name: p.owner,
    column: "",
    grantee: p.role,
    privilege,
    grantable: p.withGrantOption === true,
  }));
}

export function atomMap(atoms: readonly PrivilegeAtom[]): AtomMap {
  const map: AtomMap = new Map();
  for (const a of atoms) {
    const key = privilegeKey(a.kind, a.schema, a.name, a.column, a.grantee, a.privilege);
    map.set(key, { ...a, grantable: a.grantable || map.get(key)?.grantable === true });
  }
  return map;
}

/**
 * The privileges to grant and to revoke, both as the object's owner. Only previously declared ones are revoked, and never an owner's own
 * right. A privilege that only others granted is missing, because it ends with their grant option.
 */
export function privilegeChanges(previous: AtomMap, next: AtomMap, found: PrivilegeMap): PrivilegeChanges {
  const changes: PrivilegeChanges = { grant: [], revoke: [], revokeOption: [], restore: [], kept: [] };
  const granted = (key: string): FoundPrivilege | undefined => grantOfOwner(found, key);
  for (const [key, atom] of next) {
    const has = granted(key);
    if (!has || (atom.grantable && !has.grantable)) changes.grant.push(atom);
    else if (has.grantable && !has.ofOwner && !atom.grantable && previous.get(key)?.grantable === true)
      changes.revokeOption.push(atom);
  }
  for (const [key, atom] of previous) {
    if (next.has(key)) continue;
    const has = granted(key);
    if (has && !has.ofOwner) changes.revoke.push({ ...atom, grantable: has.grantable });
    const others = found.get(key)?.others ?? [];
    if (others.length > 0) changes.kept.push({ ...atom, others });
  }
  changes.restore = columnsToGrantAgain(changes, previous, next, found);
  return changes;
}

/** Previously declared privileges that no other declaration claims. */
export function unclaimed(previous: AtomMap, others: AtomMap): AtomMap {
  return others.size === 0 ? previous : new Map([...previous].filter(([key]) => !others.has(key)));
}
