import { first } from "@pgharbor/core";
import type { CatalogObject } from "../catalog/types";
import { grantee, ident, parameterName, qualified } from "../quote";
import { type Statement, statement } from "../statement";
import { type Loan, onLoan } from "./loan";
import type { PrivilegeAtom, PrivilegeChanges } from "./privilege-atoms";

const WORDS: Record<string, string> = {
  database: "DATABASE",
  tablespace: "TABLESPACE",
  parameter: "PARAMETER",
  schema: "SCHEMA",
  table: "TABLE",
  sequence: "SEQUENCE",
  // ROUTINE covers functions, procedures and aggregates.
  function: "ROUTINE",
  type: "TYPE",
  language: "LANGUAGE",
  foreignServer: "FOREIGN SERVER",
  foreignDataWrapper: "FOREIGN DATA WRAPPER",
};

/** Names of objects for a plan, and the roles whose rights it needs. */
export interface GrantScope {
  database?: string;
  find: (kind: string, schema: string, name: string) => CatalogObject | undefined;
  /** The role that grants; undefined if the admin does. */
  grantor: (atom: PrivilegeAtom) => Grantor | undefined;
}

/** The owner of an object. */
export interface Grantor {
  /** Roles whose rights the admin needs. */
  needs: string[];
  /** The role that makes the grant; undefined: the admin, with all the admin's rights. */
  as?: string;
  /** Schemas on which the grantor has no USAGE, without which it cannot name the object. */
  usages?: Loan[];
}

interface Line {
  head: string;
  object: string;
  privileges: string;
  grantee: string;
  grantor?: Grantor;
  ofSeen: boolean;
}

function objectSql(scope: GrantScope, a: PrivilegeAtom): string {
  const sqlName = scope.find(a.kind, a.schema, a.name)?.sqlName;
  if (sqlName !== undefined) return sqlName;
  if (a.kind === "parameter") return parameterName(a.name);
  return a.schema === "" ? ident(a.name) : qualified(a.schema, a.name);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** `SELECT, UPDATE ("a", "b")`: all privileges of one role on one object. */
function privilegeList(atoms: readonly PrivilegeAtom[]): string {
  return groupBy(atoms, (a) => a.privilege)
    .map((group) => {
      const columns = group.filter((a) => a.column !== "").map((a) => ident(a.column));
      const { privilege } = first(group);
      return columns.length > 0 ? `${privilege} (${columns.join(", ")})` : privilege;
    })
    .join(", ");
}

/** One line for each role and object. Lines that differ only in the object are merged, then those that differ only in the role. */
function lines(scope: GrantScope, atoms: readonly PrivilegeAtom[], head: (a: PrivilegeAtom) => string): Line[] {
  const single = groupBy(atoms, (a) =>
    JSON.stringify([a.kind, a.schema, a.name, a.column !== "", a.grantee, a.grantable]),
  ).map((group): Line => {
    const a = first(group);
    const found = scope.find(a.kind, a.schema, a.name);
    return {
      head: head(a),
      object: objectSql(scope, a),
      privileges: privilegeList(group),
      grantee: grantee(a.grantee),
      grantor: scope.grantor(a),
      ofSeen: found !== undefined,
    };
  });
  const byObjects = groupBy(single, (l) => JSON.stringify([l.head, l.privileges, l.grantee, l.grantor, l.ofSeen])).map(
    (group) => ({
      ...first(group),
      object: group.map((l) => l.object).join(", "),
    }),
  );
  return groupBy(byObjects, (l) => JSON.stringify([l.head, l.privileges, l.object, l.grantor, l.ofSeen])).map(
    (group) => ({
      ...first(group),
      grantee: group.map((l) => l.grantee).join(", "),
    }),
  );
}

function emit(scope: GrantScope, list: readonly Line[], write: (l: Line) => string, reason: string): Statement[] {
  return list.flatMap((l) => {
    const { needs = [], as, usages = [] } = l.grantor ?? {};
    const { database } = scope;
    const change = statement(write(l), reason, { database, needs, as, ofSeen: l.ofSeen });
    return withUsage(change, usages);
  });
}

/** Returns a statement that names an object in schemas on which the statement's role has no USAGE. */
export function withUsage(change: Statement, loans: readonly Loan[]): Statement[] {
  const { as: to = "" } = change;
  return onLoan([change], loans, { privilege: "USAGE", to, reason: `${to} must name an object in the schema` });
}

/** Statements in two steps: what changes who may name an object, and what then has to name one. */
export interface GrantSteps {
  /** Revokes, those on schemas last, and grants on schemas. */
  first: Statement[];
  /** All other grants. They are planned again after the first step. */
  rest: Statement[];
}

/** GRANT and REVOKE on existing objects. Revokes come first, so that they do not remove a role's new rights. */
export function grantSteps(scope: GrantScope, changes: PrivilegeChanges): GrantSteps {
  const of = (atoms: readonly PrivilegeAtom[]): Line[] =>
    lines(scope, atoms, (a) => WORDS[a.kind] ?? a.kind.toUpperCase());
  const revoke =
    (words: string, cascade = "") =>
    (l: Line) =>
      `${words}${l.privileges} ON ${l.head} ${l.object} FROM ${l.grantee}${cascade}`;
  const grant = (words: string) => (l: Line) =>
    `GRANT ${l.privileges} ON ${l.head} ${l.object} TO ${l.grantee}${words}`;
  const revokes = (isWanted: (a: PrivilegeAtom) => boolean): Statement[] => {
    const [gone, option] = [changes.revoke.filter(isWanted), changes.revokeOption.filter(isWanted)];
    return [
      ...emit(scope, of(gone.filter((a) => !a.grantable)), revoke("REVOKE "), "no longer declared"),
      ...emit(scope, of(gone.filter((a) => a.grantable)), revoke("REVOKE ", " CASCADE"), "no longer declared"),
      ...emit(scope, of(option), revoke("REVOKE GRANT OPTION FOR ", " CASCADE"), "grant option no longer declared"),
    ];
  };
  const grants = (added: readonly PrivilegeAtom[], reason = "declared and missing"): Statement[] => [
    ...emit(scope, of(added.filter((a) => !a.grantable)), grant(""), reason),
    ...emit(scope, of(added.filter((a) => a.grantable)), grant(" WITH GRANT OPTION"), reason),
  ];
  const isOfSchema = (a: PrivilegeAtom): boolean => a.kind === "schema";
  const isOfOther = (a: PrivilegeAtom): boolean => !isOfSchema(a);
  return {
    first: [
      ...revokes(isOfOther),
      // At once: after these steps nothing tells that the rights were there.
      ...grants(changes.restore, "revoked with the same right on the table"),
      ...revokes(isOfSchema),
      ...grants(changes.grant.filter(isOfSchema)),
    ],
    rest: grants(changes.grant.filter(isOfOther)),
  };
}

/** Both steps in one, for objects that are in no schema. */
export function grantStatements(scope: GrantScope, changes: PrivilegeChanges): Statement[] {
  const { first, rest } = grantSteps(scope, changes);
  return [...first, ...rest];
}

/** The same for ALTER DEFAULT PRIVILEGES. */
export function defaultPrivilegeStatements(scope: GrantScope, changes: PrivilegeChanges): Statement[] {
  const of = (atoms: readonly PrivilegeAtom[]): Line[] =>
    lines(scope, atoms, (a) => {
      const where = a.schema === "" ? "" : ` IN SCHEMA ${ident(a.schema)}`;
      return JSON.stringify([
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(a.name)}${where}`,
        a.kind.toUpperCase(),
        a.name,
      ]);
    });
  const write =
    (verb: string, to: string, words = "") =>
    (l: Line) => {
      const [head, kind] = JSON.parse(l.head) as [string, string];
      return `${head} ${verb}${l.privileges} ON ${kind} ${to} ${l.grantee}${words}`;
    };
  return [
    ...emit(scope, of(changes.revoke), write("REVOKE ", "FROM"), "no longer declared"),
    ...emit(
      scope,
      of(changes.revokeOption),
      write("REVOKE GRANT OPTION FOR ", "FROM"),
      "grant option no longer declared",
    ),
    ...emit(scope, of(changes.grant.filter((a) => !a.grantable)), write("GRANT ", "TO"), "declared and missing"),
    ...emit(
      scope,
      of(changes.grant.filter((a) => a.grantable)),
      write("GRANT ", "TO", " WITH GRANT OPTION"),
      "declared and missing",
    ),
  ];
}
