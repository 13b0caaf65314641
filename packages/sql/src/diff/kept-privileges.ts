import { printable } from "../printable";
import type { PrivilegeChanges } from "./privilege-atoms";

/** Lines about privileges that were revoked but stay, because holders of a grant option granted them, too. */
export function keptLines({ kept }: PrivilegeChanges, database?: string): string[] {
  return kept.map(({ grantee, privilege, kind, schema, name, column, others }) => {
    const object = [schema, name, column].filter((part) => part !== "").join(".");
    const where = database === undefined ? "" : ` in database ${database}`;
    return printable(
      `${grantee} keeps ${privilege} on ${kind} ${object}${where}: ${others.join(", ")} granted it, too`,
    );
  });
}
