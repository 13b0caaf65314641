/**
 * Roles, databases and grants of a PostgreSQL cluster: the desired state (desired), the current state (catalog), the statements between
 * them (diff), and the connections (apply).
 */
export * from "./desired/role";
export * from "./desired/database";
export * from "./desired/grant";
export { AccessDocument, DatabaseEntry, UserEntry } from "./desired/access";
export { ROLE_TEMPLATES, roleTemplates, templatePrivileges } from "./desired/templates";
export { ImmutableChange, immutableDatabaseChanges, immutableRoleChanges } from "./desired/immutable";
export { ApplyError, ExplainedError, UnreachableError } from "./errors";
export { ident, literal, parameterName, parameterValue, qualified } from "./quote";
export { deterministicSalt, makeVerifier, parseVerifier, ScramVerifier, verifyPassword } from "./scram";
export { Statement } from "./statement";
export { ClusterCatalog, DatabaseCatalog, emptyDatabaseCatalog } from "./catalog/types";
export { PasswordState } from "./catalog/reading";
export { checkDefaultPrivilege, checkGrant } from "./diff/check";
export { AccessPlan, planAccess, PlanInput } from "./diff/access";
export { PlanOptions } from "./diff/context";
export { SqlTarget, targetFromUrl, TargetTls } from "./apply/target";
export { AdminSession, withAdminConnection } from "./apply/session";
export { applyAccess, ApplyOptions, ApplyResult } from "./apply/access";
export { applyDatabase, applyRole, Change, dropDatabase, dropRole } from "./apply/objects";
export { resolvePasswords, ResolvedDocuments } from "./apply/passwords";
export { AccessReading, readAccess, readDatabase, readRole } from "./apply/read";
