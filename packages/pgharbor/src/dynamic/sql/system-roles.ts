import { execAt, locationOf, type Location } from "../../clients/location";
import type { Handler } from "../provider/handler";

/** That the cluster's own roles have the passwords of its files, where those have changed. */
export interface SystemRolesInputs extends Location {
  cluster: string;
  /** `pod/container` of each. */
  members: string[];
  /** Names the passwords; secret. */
  passwords: string;
}

/** When a cluster is made, or starts from volumes that were kept, each member sees to them as it comes up. */
export const systemRoles: Handler<SystemRolesInputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.passwords !== news.passwords || olds.members.join() !== news.members.join() };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, olds, news) {
    if (olds.passwords !== news.passwords) await sync(news);
    return { outs: news };
  },
};

/** The one that leads does it; before that, replicas cannot stream with the new password. */
async function sync(inputs: SystemRolesInputs): Promise<void> {
  const said: string[] = [];
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
      said.push(`${member}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    `${inputs.cluster}: the new passwords of its own roles are in its files, but no member that leads took them into the database: ` +
      `${said.join("; ") || "none leads"}; run the update again once one leads`,
  );
}
