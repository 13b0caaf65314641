import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { execAt, locationOf } from "../../clients/location";
import type { Handler } from "../provider/handler";

/** Inputs of the sync of the cluster's own roles, which runs after their passwords in the members' files change. */
export interface SystemRolesInputs extends PodLocation {
  cluster: string;
  /** `pod/container` of each member. */
  members: string[];
  /** Identifies the passwords; secret. */
  passwords: string;
}

/** A new cluster, or one that starts from retained volumes, needs no sync: each member syncs the roles at its start. */
export const systemRoles: Handler<SystemRolesInputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.passwords !== news.passwords || olds.members.join() !== news.members.join() };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, olds, news) {
    if (olds.passwords !== news.passwords) await syncRoles(news);
    return { outs: news };
  },
};

/** Syncs the roles on the leader. Until then, replicas cannot stream with the new password. */
async function syncRoles(inputs: SystemRolesInputs): Promise<void> {
  const failures: string[] = [];
  for (const member of inputs.members) {
    try {
      const command = ["pgharbor-patroni", "sync-roles"];
      const { code, stdout, stderr } = await execAt(locationOf(inputs), member, command, { repeatable: true });
      if (code !== 0) throw new Error(stderr.trim());
      const { leads, changed } = JSON.parse(stdout) as { leads: boolean; changed: string[] };
      if (!leads) continue;
      console.log(`${member}: new passwords for ${changed.join(", ") || "none of the cluster's roles"}`);
      return;
    } catch (error) {
      failures.push(`${member}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `${inputs.cluster}: the new passwords of its own roles are in its files, but no leader set them in the database: ` +
      `${failures.join("; ") || "none leads"}; run the update again once a member leads`,
  );
}
