import { aliases, systemUsers } from "../../names";
import type { ClusterModel } from "../../model/types";
import { ports } from "../../ports";
import { toJson } from "../text/json";

/** hooks.json: whom Patroni's hooks pause and resume, whom they ask whether the new primary takes writes, and when a replica is stuck. */
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
    // In the certificates of members, as the other name is in those of poolers: the hooks connect to addresses, which are in none.
    tlsServerName: aliases.haproxy(model.name),
  });

/** As long as a pooler waits before it resumes by itself: after that there is nothing left to resume. */
const RESUME_MARGIN = 15;
