import type { DefaultPrivilege, DefaultPrivilegeKind, Grant, GrantKind } from "./grant";
import type { AccessDocument, UserEntry } from "./access";

/** Group roles for users. */
export const ROLE_TEMPLATES = {
  readonly: "dbrole_readonly",
  readwrite: "dbrole_readwrite",
  admin: "dbrole_admin",
  offline: "dbrole_offline",
} as const;

/** The four template roles, none of which can log in. Each includes the one before; offline is separate, for slow reports. */
export function roleTemplates(): Record<string, UserEntry> {
  const group = (comment: string, ...memberOf: string[]): UserEntry => ({
    login: false,
    comment,
    ...(memberOf.length > 0 ? { memberships: memberOf.map((role) => ({ role })) } : {}),
  });
  return {
    [ROLE_TEMPLATES.readonly]: group("reads everything"),
    [ROLE_TEMPLATES.readwrite]: group("reads and writes everything", ROLE_TEMPLATES.readonly),
    [ROLE_TEMPLATES.admin]: group("changes the schema", ROLE_TEMPLATES.readwrite),
    [ROLE_TEMPLATES.offline]: group("reads everything, on offline members only"),
  };
}

interface TemplateRule {
  role: string;
  on: DefaultPrivilegeKind;
  existing: GrantKind;
  privileges: string[];
}

const reader = (role: string): TemplateRule[] => [
  { role, on: "schemas", existing: "schema", privileges: ["USAGE"] },
  { role, on: "tables", existing: "allTables", privileges: ["SELECT"] },
  { role, on: "sequences", existing: "allSequences", privileges: ["SELECT"] },
  { role, on: "functions", existing: "allFunctions", privileges: ["EXECUTE"] },
];

const RULES: readonly TemplateRule[] = [
  ...reader(ROLE_TEMPLATES.readonly),
  ...reader(ROLE_TEMPLATES.offline),
  { role: ROLE_TEMPLATES.readwrite, on: "tables", existing: "allTables", privileges: ["INSERT", "UPDATE", "DELETE"] },
  { role: ROLE_TEMPLATES.readwrite, on: "sequences", existing: "allSequences", privileges: ["USAGE", "UPDATE"] },
  {
    role: ROLE_TEMPLATES.admin,
    on: "tables",
    existing: "allTables",
    privileges: ["TRUNCATE", "REFERENCES", "TRIGGER"],
  },
  { role: ROLE_TEMPLATES.admin, on: "schemas", existing: "schema", privileges: ["CREATE"] },
];

/**
 * Privileges of the template roles in one database: on the existing objects of `schemas`, and on future objects of `creators` (the owner,
 * migration users).
 */
export function templatePrivileges(
  database: string,
  creators: readonly string[],
  schemas: readonly string[] = ["public"],
): Required<Pick<AccessDocument, "grants" | "defaultPrivileges">> {
  const grants: Record<string, Grant> = {};
  const defaultPrivileges: Record<string, DefaultPrivilege> = {};
  for (const role of Object.values(ROLE_TEMPLATES)) {
    grants[`${database}/connect/${role}`] = { role, on: "database", database, privileges: ["CONNECT"] };
  }
  for (const { role, on, existing, privileges } of RULES) {
    for (const schema of schemas) {
      grants[`${database}/${schema}/${on}/${role}`] = { role, on: existing, database, schema, privileges };
    }
    for (const owner of creators) {
      defaultPrivileges[`${database}/${owner}/${on}/${role}`] = { database, owner, on, role, privileges };
    }
  }
  return { grants, defaultPrivileges };
}
