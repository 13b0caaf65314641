import { systemUsers, type SystemUser } from "../names";
import type { PlatformName } from "./types";

/** Users with a password, and the passphrase of backups. The superuser connects only through the socket, without a password. */
export type PlannedPassword = Exclude<SystemUser, "superuser"> | "backupCipher";

const everywhere: PlannedPassword[] = [
  ...(Object.keys(systemUsers) as SystemUser[]).filter((user) => user !== "superuser"),
  // Also without backups: repositories keep their passphrase when backups are turned off and on again.
  "backupCipher",
];
const ON_DOCKER: readonly PlannedPassword[] = ["etcd", "etcdRoot"];

/** The passwords that a cluster needs on a platform; each is random unless provided. */
export const passwordsOn = (platform: PlatformName): PlannedPassword[] =>
  everywhere.filter((user) => platform === "docker" || !ON_DOCKER.includes(user));
