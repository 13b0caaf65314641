import { aliases, systemUsers } from "../../names";
import type { ClusterModel } from "../../model/types";
import { ports } from "../../ports";
import { toJson } from "../text/json";

/**
 * hooks.json: the poolers that Patroni's hooks pause and resume, the address that tells if the new primary takes writes, and the time after
 * which a replica is stuck.
 */
export const renderHooksJson = (model: ClusterModel): string =>
  toJson({
    adminPasswordFile: "admin.password",
    adminUser: systemUsers.poolerConsole,
    caFile: "ca.crt",
    checkPasswordFile: "check.password",
    checkUser: systemUsers.check,
    drainTimeoutSeconds: model.drainTimeout,
    poolersHost: aliases.poolers(model.name),
    poolersPorts: model.primaryPoolerPorts,
    poolersServerName: aliases.poolers(model.name),
    primaryHost: aliases.haproxy(model.name),
    primaryPort: ports.primaryCheck,
    rebuildAfterSeconds: model.ha.rebuildAfter,
    resumeTimeoutSeconds: model.drainTimeout + RESUME_MARGIN,
    // The hooks connect to addresses, which no certificate contains. This name is in members' certificates, the other one in poolers'.
    tlsServerName: aliases.haproxy(model.name),
  });

/** The same time after which a pooler resumes by itself, so later there is nothing to resume. */
const RESUME_MARGIN = 15;
