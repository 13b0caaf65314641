import { systemUsers, type SystemUser } from "../names";
import type { PlatformName } from "./types";

/** Whose password a cluster has. The superuser comes in by the socket alone, without one. */
export type PlannedPassword = Exclude<SystemUser, "superuser">;

const everywhere = Object.keys(systemUsers).filter((user) => user !== "superuser") as PlannedPassword[];
const OF_ETCD: readonly PlannedPassword[] = ["etcd", "etcdRoot"];

/** Whose passwords a cluster has, each random unless it is brought. */
export const passwordsOn = (platform: PlatformName): PlannedPassword[] =>
  everywhere.filter((user) => platform === "docker" || !OF_ETCD.includes(user));
