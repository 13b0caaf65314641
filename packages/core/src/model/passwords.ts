import { systemUsers } from "../names";
import type { PlannedPassword } from "../render/deferred-values";
import type { PlatformName } from "./types";

const everywhere = Object.keys(systemUsers).filter((user) => user !== "superuser") as PlannedPassword[];
const OF_ETCD: readonly PlannedPassword[] = ["etcd", "etcdRoot"];

/** Whose passwords a cluster has, each random unless it is brought. */
export const passwordsOn = (platform: PlatformName): PlannedPassword[] =>
  everywhere.filter((user) => platform === "docker" || !OF_ETCD.includes(user));
