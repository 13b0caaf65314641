import {
  checkParameterGrantOnCluster,
  fields,
  flag,
  listOf,
  oneOf,
  text,
  under,
  type Explanation,
  type Problem,
  type Reader,
} from "@pgharbor/core";
import {
  checkDefaultPrivilege,
  checkGrant,
  DefaultPrivilegeKind,
  GrantKind,
  type DefaultPrivilege,
  type Grant,
} from "@pgharbor/sql";

const readGrant: Reader<Grant> = fields<Grant>(
  {
    role: text,
    on: oneOf(Object.values(GrantKind)),
    database: text,
    schema: text,
    name: text,
    columns: listOf(text),
    privileges: listOf(text),
    withGrantOption: flag,
  },
  ["role", "on", "privileges"],
);
const readDefaultPrivilege: Reader<DefaultPrivilege> = fields<DefaultPrivilege>(
  {
    database: text,
    owner: text,
    schema: text,
    on: oneOf(Object.values(DefaultPrivilegeKind)),
    role: text,
    privileges: listOf(text),
    withGrantOption: flag,
  },
  ["database", "owner", "on", "role", "privileges"],
);

/** Problems of grants that can be found without a server. `major`: PostgreSQL's major; undefined for an external server. */
export const grantProblems = (grants: unknown, major?: number): Problem[] =>
  checkEach("grants", grants, readGrant, (path, grant) => [
    ...checkGrant(path, grant, versionOf(major)).map(inOneLine),
    ...(major !== undefined && grant.on === "parameter" && grant.name
      ? checkParameterGrantOnCluster(path, grant.name, grant.privileges)
      : []),
  ]);

export const defaultPrivilegeProblems = (privileges: unknown, major?: number): Problem[] =>
  checkEach("defaultPrivileges", privileges, readDefaultPrivilege, (path, one) =>
    checkDefaultPrivilege(path, one, versionOf(major)).map(inOneLine),
  );

/** In the form of server_version_num. */
const versionOf = (major: number | undefined): number | undefined => (major === undefined ? undefined : major * 10_000);

function checkEach<T>(
  map: string,
  entries: unknown,
  read: Reader<T>,
  check: (path: string, entry: T) => Problem[],
): Problem[] {
  if (entries === undefined) return [];
  if (typeof entries !== "object" || entries === null || Array.isArray(entries))
    return [{ path: map, message: "must be an object; give each entry a label" }];
  return Object.entries(entries as Record<string, unknown>).flatMap(([label, entry]) => {
    const path = under(map, label);
    const unread: Problem[] = [];
    read(path, entry, unread);
    // The check relies on the types.
    return unread.length > 0 ? unread : check(path, entry as T);
  });
}

const inOneLine = ({ path, problem, value, fix }: Explanation): Problem => ({
  path,
  message: `${problem}, got ${value}; ${fix}`,
});
