import { aliases, systemUsers } from "../../names";
import type { ClusterFacts } from "../../plan/types";
import { ports } from "../../ports";
import { toJson } from "../text/json";

/** hooks.json: whom Patroni's hooks pause and resume, whom they ask whether the new primary takes writes, and when a replica is stuck. */
export const renderHooksJson = (facts: ClusterFacts): string =>
  toJson({
    adminPasswordFile: "admin.password",
    adminUser: systemUsers.poolerConsole,
    caFile: "ca.crt",
    checkPasswordFile: "check.password",
    checkUser: systemUsers.check,
    drainTimeoutSeconds: facts.drainTimeout,
    poolersHost: aliases.poolers(facts.name),
    poolersPorts: facts.primaryPoolerPorts,
    poolersServerName: aliases.poolers(facts.name),
    primaryHost: aliases.haproxy(facts.name),
    primaryPort: ports.primaryCheck,
    rebuildAfterSeconds: facts.ha.rebuildAfter,
    resumeTimeoutSeconds: facts.drainTimeout + RESUME_MARGIN,
    // In the certificates of members, as the other name is in those of poolers: the hooks connect to addresses, which are in none.
    tlsServerName: aliases.haproxy(facts.name),
  });

/** As long as a pooler waits before it resumes by itself: after that there is nothing left to resume. */
const RESUME_MARGIN = 15;
