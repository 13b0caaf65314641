import { readCluster } from "../catalog/cluster";
import { readDatabaseCatalog } from "../catalog/database";
import { clusterNames, namesInDatabase, worksInside } from "../catalog/names";
import { grantOfOwner, privilegeKey } from "../catalog/query";
import { type PasswordState, readDatabaseAs, readRoleAs } from "../catalog/reading";
import type { CatalogRole, ClusterCatalog, DatabaseCatalog, PrivilegeMap } from "../catalog/types";
import { type AccessDocument, databaseNamesOf, databasesOf, rolesOf } from "../desired/access";
import type { DesiredDatabase } from "../desired/database";
import type { DefaultPrivilege, Grant } from "../desired/grant";
import type { DesiredRole } from "../desired/role";
import type { PrivilegeAtom } from "../diff/privilege-atoms";
import { defaultPrivilegeAtoms, grantAtoms } from "../diff/privileges";
import { verifyPassword } from "../scram";
import { withAdminConnection } from "./session";
import type { SqlTarget } from "./target";

/** The current state of a declaration. */
export interface AccessReading {
  /** Has the declaration's shape, with only the declared keys and fields; missing objects are omitted. */
  document: AccessDocument;
  /** By user name. A password that does not match is left out of `document`, so that a comparison shows the drift. */
  passwords: Record<string, PasswordState>;
}

/** Reads the current state of a declaration for a refresh, without locks or changes. */
export function readAccess(target: SqlTarget, declared: AccessDocument): Promise<AccessReading> {
  return withAdminConnection(target, async (session) => {
    const cluster = await readCluster(session.client, clusterNames([declared]));
    const insides = new Map<string, DatabaseCatalog>();
    for (const name of databaseNamesOf(declared)) {
      const found = cluster.databases.get(name);
      if (!found || !worksInside(name, [declared])) continue;
      if (!found.allowConnections || !found.adminCanConnect) {
        const why = found.allowConnections ? "its owner keeps this admin out" : "it takes no connections";
        session.progress(`database ${name}: schemas, extensions and grants are not compared, because ${why}`);
        continue;
      }
      const names = namesInDatabase(name, [declared]);
      insides.set(name, await session.inDatabase(name, (client) => readDatabaseCatalog(client, names)));
    }
    return readingOf(declared, cluster, insides);
  });
}

/** Reads one role and the state of the role's password; null if the role is gone. */
export async function readRole(
  target: SqlTarget,
  declared: DesiredRole,
): Promise<{ role: DesiredRole; password: PasswordState } | null> {
  const { document, passwords } = await readAccess(target, { users: { [declared.name]: declared } });
  const entry = document.users?.[declared.name];
  const password = passwords[declared.name];
  return entry && password ? { role: { ...entry, name: declared.name }, password } : null;
}

/** Reads one database; null if it is gone. */
export async function readDatabase(target: SqlTarget, declared: DesiredDatabase): Promise<DesiredDatabase | null> {
  const { document } = await readAccess(target, { databases: { [declared.name]: declared } });
  const entry = document.databases?.[declared.name];
  return entry ? { ...entry, name: declared.name } : null;
}

async function readingOf(
  declared: AccessDocument,
  cluster: ClusterCatalog,
  insides: Map<string, DatabaseCatalog>,
): Promise<AccessReading> {
  const reading: AccessReading = { document: {}, passwords: {} };
  const document = reading.document;
  if (declared.users) {
    document.users = {};
    const states = await Promise.all([...rolesOf(declared).values()].map((role) => readUser(role, cluster)));
    for (const state of states) {
      if (!state) continue;
      document.users[state.name] = state.entry;
      reading.passwords[state.name] = state.password;
    }
  }
  if (declared.databases) {
    document.databases = {};
    for (const [name, database] of databasesOf(declared)) {
      const found = cluster.databases.get(name);
      if (found)
        document.databases[name] = unnamed(readDatabaseAs(database, found, cluster.normalForms, insides.get(name)));
    }
  }
  if (declared.grants) document.grants = filterRecord(declared.grants, (g) => readGrant(g, cluster, insides));
  if (declared.defaultPrivileges) {
    document.defaultPrivileges = filterRecord(declared.defaultPrivileges, (p) =>
      readDefaultPrivilege(p, cluster, insides),
    );
  }
  return reading;
}

function unnamed<T extends { name: string }>(named: T): Omit<T, "name"> {
  const entry: Partial<T> = { ...named };
  delete entry.name;
  return entry as Omit<T, "name">;
}

function filterRecord<T>(record: Record<string, T>, read: (value: T) => T | undefined): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([label, value]) => {
      const actual = read(value);
      return actual === undefined ? [] : [[label, actual]];
    }),
  );
}

async function readUser(role: DesiredRole, cluster: ClusterCatalog) {
  const found = cluster.roles.get(role.name);
  if (!found) return undefined;
  const record = readRoleAs(role, found, cluster.memberships);
  const password = await passwordState(role, found);
  if (password === "differs" || password === "none") delete record.password;
  if (role.passwordVerifier !== undefined && found.verifier !== undefined) record.passwordVerifier = found.verifier;
  return { name: role.name, entry: unnamed(record), password };
}

async function passwordState(role: DesiredRole, found: CatalogRole): Promise<PasswordState> {
  if (role.password === undefined && role.passwordVerifier === undefined) return "undeclared";
  if (found.verifier === undefined) return "unreadable";
  if (role.password === undefined) return found.verifier === role.passwordVerifier ? "matches" : "differs";
  if (found.verifier === null) return "none";
  return (await verifyPassword(role.password, found.verifier)) ? "matches" : "differs";
}

function readGrant(g: Grant, cluster: ClusterCatalog, insides: Map<string, DatabaseCatalog>): Grant | undefined {
  const inside = insides.get(g.database ?? "");
  const shared = ["database", "tablespace", "parameter"].includes(g.on) ? cluster.privileges : undefined;
  const privileges = shared ?? inside?.privileges;
  // A database without access cannot be read, so the declaration is returned.
  if (privileges === undefined) return cluster.databases.has(g.database ?? "") ? g : undefined;
  const atoms = grantAtoms("", g, inside?.objects ?? [], cluster.server.version, []);
  return withPresent(g, atoms, privileges);
}

function readDefaultPrivilege(
  p: DefaultPrivilege,
  cluster: ClusterCatalog,
  insides: Map<string, DatabaseCatalog>,
): DefaultPrivilege | undefined {
  const inside = insides.get(p.database);
  if (!inside) return cluster.databases.has(p.database) ? p : undefined;
  return withPresent(p, defaultPrivilegeAtoms("", p, cluster.server.version, []), inside.defaultPrivileges);
}

/** The declaration with only the existing privileges; unchanged if none is missing. */
function withPresent<T extends { privileges: string[]; withGrantOption?: boolean }>(
  declared: T,
  atoms: readonly PrivilegeAtom[],
  found: PrivilegeMap,
): T | undefined {
  const has = (a: PrivilegeAtom) =>
    grantOfOwner(found, privilegeKey(a.kind, a.schema, a.name, a.column, a.grantee, a.privilege));
  const missing = new Set(atoms.filter((a) => !has(a)).map((a) => a.privilege));
  const optionGone = declared.withGrantOption === true && atoms.some((a) => has(a)?.grantable === false);
  const record = optionGone ? { ...declared, withGrantOption: false } : declared;
  if (missing.size === 0) return record;
  const privileges = [...new Set(atoms.map((a) => a.privilege))].filter((p) => !missing.has(p));
  return privileges.length === 0 ? undefined : { ...record, privileges };
}
