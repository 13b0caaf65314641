import type Docker from "dockerode";
import { labelKeys } from "@pgharbor/core";
import { ExplainedError } from "@pgharbor/sql";
import { execIn } from "../../reach/docker-engine";
import { holdingsOf } from "./cluster-volumes";
import { storeStatus } from "./store-status";

/**
 * Before a member's first start: throws where the store knows a database and no volume has it any more. Patroni would wait
 * for a leader for ever, and nothing may make an empty one in its place unasked.
 */
export async function checkDataIsThere(docker: Docker, container: string, acceptDataLoss?: string): Promise<void> {
  const { cluster, system } = await holdingsOf(docker, container);
  if (system !== undefined) return;
  const stores = await storesOf(docker, cluster);
  const known = await knownSystem(docker, stores);
  // The first member may have made the database between the two looks.
  if (known === "" || (await holdingsOf(docker, container)).system !== undefined) return;
  if (known !== acceptDataLoss) throw dataIsLost(cluster, known);
  console.log(
    `warning: the database ${known} is given up: an empty one takes its place; users and databases come with the next \`pulumi up --refresh\``,
  );
  const { code, stderr } = await execIn(docker, stores[0]!, ["pgharbor-etcd-store", "forget"]);
  if (code !== 0) throw new Error(`${cluster}: the store does not forget the lost database: ${stderr.trim()}`);
}

async function storesOf(docker: Docker, cluster: string): Promise<string[]> {
  const label = [`${labelKeys.cluster}=${cluster}`, `${labelKeys.role}=etcd`];
  const found = await docker.listContainers({ filters: { label } });
  return found.map(({ Names }) => Names[0]!.slice(1)).sort();
}

async function knownSystem(docker: Docker, stores: string[]): Promise<string> {
  const said: string[] = [];
  for (const store of stores) {
    const status = await storeStatus(docker, store);
    if (typeof status !== "string") return status.initialize;
    said.push(status);
  }
  throw new Error(`the store does not say whether there is a database already: ${said.join("; ") || "no etcd runs"}`);
}

const dataIsLost = (cluster: string, system: string): ExplainedError =>
  new ExplainedError({
    path: `cluster ${cluster}`,
    problem: "its database is lost: the store knows it, and no member's volume holds it any more",
    value: `system identifier ${system}`,
    fix:
      "bring a member's volume back under its name, and run `pulumi up --refresh`; " +
      `or, to begin with an empty database, set acceptDataLoss: "${system}"`,
  });
