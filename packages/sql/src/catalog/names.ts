import {
  type AccessDocument,
  databaseNamesOf,
  databasesOf,
  defaultPrivilegesOf,
  grantsOf,
  roleNamesOf,
} from "../desired/access";
import type { Grant, GrantKind } from "../desired/grant";
import type { ClusterNames } from "./cluster-names";
import type { DatabaseNames } from "./database";

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Names to read from the cluster for a comparison with these documents. */
export function clusterNames(docs: readonly (AccessDocument | undefined)[]): ClusterNames {
  const grants = docs.flatMap(grantsOf);
  const databases = docs.flatMap((doc) => [...databasesOf(doc).values()]);
  const named = (kind: GrantKind): string[] =>
    grants.flatMap(({ on, name }) => (on === kind && name !== undefined ? [name] : []));
  return {
    roles: unique(docs.flatMap(roleNamesOf)),
    databases: unique(docs.flatMap(databaseNamesOf)),
    grantees: unique(grants.map((g) => g.role)),
    tablespaces: unique(named("tablespace")),
    parameters: unique(named("parameter").map((name) => name.toLowerCase())),
    encodings: unique(databases.flatMap((d) => d.encoding ?? [])),
    icuLocales: unique(
      databases.flatMap((d) => d.icuLocale ?? (d.localeProvider === undefined ? [] : (d.locale ?? []))),
    ),
  };
}

/** Names to read from one database. */
export function namesInDatabase(database: string, docs: readonly (AccessDocument | undefined)[]): DatabaseNames {
  const grants = docs.flatMap(grantsOf).filter((g) => g.database === database);
  const defaults = docs.flatMap(defaultPrivilegesOf).filter((p) => p.database === database);
  const declared = docs.flatMap((doc) => databasesOf(doc).get(database) ?? []);
  const of = (...kinds: GrantKind[]): Grant[] => grants.filter((g) => kinds.includes(g.on));
  const schemaOf = (g: Grant): string => g.schema ?? "public";
  // Unique, because the catalog queries join with these lists.
  const objects = (...kinds: GrantKind[]): { schema: string; name: string }[] => {
    const found = of(...kinds).map((g) => ({ schema: schemaOf(g), name: g.name ?? "" }));
    return [...new Map(found.map((o) => [JSON.stringify([o.schema, o.name]), o])).values()];
  };
  const names = (kind: GrantKind): string[] => unique(of(kind).map((g) => g.name ?? ""));
  return {
    schemas: unique([
      ...declared.flatMap((d) => (d.schemas ?? []).map((s) => s.name)),
      ...of("schema", "allTables", "allSequences", "allFunctions").map(schemaOf),
    ]),
    extensions: unique(declared.flatMap((d) => (d.extensions ?? []).map((e) => e.name))),
    allRelationsIn: unique(of("allTables", "allSequences").map(schemaOf)),
    allFunctionsIn: unique(of("allFunctions").map(schemaOf)),
    relations: objects("table", "sequence"),
    functions: objects("function"),
    types: objects("type"),
    languages: names("language"),
    foreignServers: names("foreignServer"),
    foreignDataWrappers: names("foreignDataWrapper"),
    grantees: unique([...grants.map((g) => g.role), ...defaults.map((p) => p.role)]),
    creators: unique(defaults.map((p) => p.owner)),
  };
}

/** True if these documents require a connection to the database. */
export function worksInside(database: string, docs: readonly (AccessDocument | undefined)[]): boolean {
  const n = namesInDatabase(database, docs);
  const inner = docs.flatMap(grantsOf).some((g) => g.database === database && g.on !== "database");
  return inner || n.creators.length + n.schemas.length + n.extensions.length > 0;
}
