import { systemUsers, type SystemUser } from "../names";
import type { PlatformName } from "./types";

/** Users with a password. The superuser connects only through the socket, without one. */
export type PlannedPassword = Exclude<SystemUser, "superuser">;

const everywhere = Object.keys(systemUsers).filter((user) => user !== "superuser") as PlannedPassword[];
const OF_ETCD: readonly PlannedPassword[] = ["etcd", "etcdRoot"];

/** Users with a password on a platform; each password is random unless provided. */
export const passwordsOn = (platform: PlatformName): PlannedPassword[] =>
  everywhere.filter((user) => platform === "docker" || !OF_ETCD.includes(user));
