import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";
import { banner } from "../text/banner";
import { quiet } from "./post-init-sql";
import { scramVerifier } from "./scram-verifier";

const roles = ["admin", "check", "poolerAuth", "replication", "rewind"] as const;

/**
 * system-roles.sql: the passwords of the cluster's own roles. A cluster that is recreated on retained data has new passwords; without this
 * nobody could log in.
 */
export const renderSystemRolesSql = (deferred: DeferredValues): string =>
  [
    banner("--"),
    quiet,
    ...roles.map(
      (role) =>
        `ALTER ROLE ${systemUsers[role]} PASSWORD '${scramVerifier(systemUsers[role], deferred.passwords[role])}';`,
    ),
    "",
  ].join("\n");
