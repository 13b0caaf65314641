import type Docker from "dockerode";
import { labelKeys, required } from "@pgharbor/core";
import { execIn } from "../../clients/docker/engine";
import { holdingsOf } from "./cluster-volumes";
import { requireGivenUp } from "./given-up";
import { storeStatus } from "../store/store-status";

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
  const lost = {
    known,
    path: `cluster ${cluster}`,
    because: "the store knows it, and no member's volume holds it any more",
    copy: "a member's volume",
  };
  requireGivenUp(lost, acceptDataLoss);
  const { code, stderr } = await execIn(docker, required(stores[0], "etcd"), ["pgharbor-etcd-store", "forget"]);
  if (code !== 0) throw new Error(`${cluster}: the store does not forget the lost database: ${stderr.trim()}`);
}

async function storesOf(docker: Docker, cluster: string): Promise<string[]> {
  const label = [`${labelKeys.cluster}=${cluster}`, `${labelKeys.role}=etcd`];
  const found = await docker.listContainers({ filters: { label } });
  return found.flatMap(({ Names }) => Names.slice(0, 1).map((name) => name.slice(1))).sort();
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
