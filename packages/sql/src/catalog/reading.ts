import type { DesiredDatabase } from "../desired/database";
import { type DesiredRole, type Membership, type ParameterValue, ROLE_FLAGS } from "../desired/role";
import { sameParameter, splitList } from "../quote";
import { effectiveMembership, OPTIONS, optionsOf } from "./membership-options";
import { localeDifferences } from "./database-locale";
import type { CatalogDatabase, CatalogMembership, CatalogRole, DatabaseCatalog, NormalForms } from "./types";

/** Comparison of the stored password with the declared one. */
export type PasswordState = "undeclared" | "matches" | "differs" | "none" | "unreadable";

/** The declared parameters with their stored values; unset ones are left out. An equal value keeps the declared spelling. */
function readParameters(
  declared: Record<string, ParameterValue>,
  stored: Record<string, string>,
): Record<string, ParameterValue> {
  const record: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(declared)) {
    const actual = stored[name.toLowerCase()];
    if (actual === undefined) continue;
    record[name] = sameParameter(name, actual, value) ? value : Array.isArray(value) ? splitList(actual) : actual;
  }
  return record;
}

const sameMoment = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && new Date(a).getTime() === new Date(b).getTime());

/**
 * A role's current state in the shape of the declaration, with only the declared fields. Passwords are compared
 * elsewhere.
 */
export function readRoleAs(
  declared: DesiredRole,
  found: CatalogRole,
  memberships: readonly CatalogMembership[],
): DesiredRole {
  const record: DesiredRole = { ...declared };
  for (const { field } of ROLE_FLAGS) if (declared[field] !== undefined) record[field] = found[field];
  if (declared.connlimit !== undefined) record.connlimit = found.connlimit;
  if (declared.validUntil !== undefined && !sameMoment(declared.validUntil, found.validUntil))
    record.validUntil = found.validUntil;
  if (declared.parameters !== undefined) record.parameters = readParameters(declared.parameters, found.parameters);
  if (declared.parametersIn !== undefined) {
    record.parametersIn = Object.fromEntries(
      Object.entries(declared.parametersIn).map(([database, parameters]) => [
        database,
        readParameters(parameters, found.parametersIn[database] ?? {}),
      ]),
    );
  }
  if (declared.comment !== undefined) record.comment = found.comment ?? "";
  if (declared.memberships !== undefined) {
    record.memberships = declared.memberships.flatMap((m) =>
      readMembership(
        m,
        memberships.filter((r) => r.role === m.role && r.member === declared.name),
        declared.inherit ?? found.inherit,
      ),
    );
  }
  return record;
}

/** `inherit` is the member's own, which is the default of a membership. */
function readMembership(declared: Membership, rows: readonly CatalogMembership[], inherit: boolean): Membership[] {
  if (rows.length === 0) return [];
  const wanted = optionsOf(declared, inherit);
  const found = effectiveMembership(rows, wanted);
  const actual: Membership = { ...declared };
  for (const option of OPTIONS) if (found[option] !== wanted[option]) actual[option] = found[option];
  return [actual];
}

/** The same for a database. Fields that only apply at creation (template, baselineSql) are taken from the declaration. */
export function readDatabaseAs(
  declared: DesiredDatabase,
  found: CatalogDatabase,
  forms: NormalForms,
  inside?: DatabaseCatalog,
): DesiredDatabase {
  const record: DesiredDatabase = { ...declared };
  for (const { field, actual } of localeDifferences(declared, found, forms)) record[field] = actual;
  if (declared.owner !== undefined) record.owner = found.owner;
  if (declared.tablespace !== undefined) record.tablespace = found.tablespace;
  if (declared.allowConnections !== undefined) record.allowConnections = found.allowConnections;
  if (declared.connlimit !== undefined) record.connlimit = found.connlimit;
  // The default is enforced, so a drift shows even if the field is not declared.
  const isKeptUp = declared.adopt !== true && found.publicConnect;
  if (declared.revokeConnect !== undefined || isKeptUp) record.revokeConnect = !found.publicConnect;
  if (declared.parameters !== undefined) record.parameters = readParameters(declared.parameters, found.parameters);
  if (declared.comment !== undefined) record.comment = found.comment ?? "";
  if (!inside) return record;
  if (declared.schemas !== undefined) {
    record.schemas = declared.schemas.flatMap((s) => {
      const schema = inside.schemas.get(s.name);
      if (!schema) return [];
      return [s.owner === undefined ? s : { ...s, owner: schema.owner }];
    });
  }
  if (declared.extensions !== undefined) {
    record.extensions = declared.extensions.flatMap((e) => {
      const extension = inside.extensions.get(e.name);
      if (!extension) return [];
      return [
        {
          ...e,
          ...(e.schema === undefined ? {} : { schema: extension.schema }),
          ...(e.version === undefined ? {} : { version: extension.version }),
        },
      ];
    });
  }
  return record;
}
