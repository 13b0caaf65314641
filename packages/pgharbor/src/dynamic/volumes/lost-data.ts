import type Docker from "dockerode";
import { labelKeys, required } from "@pgharbor/core";
import { execIn } from "../../clients/docker/engine";
import { holdingsOf } from "./cluster-volumes";
import { assertGivenUp } from "./given-up";
import { storeStatus } from "../../clients/docker/store-status";

/**
 * Runs before a member's first start. Throws where the store knows a database that no volume holds any more, unless the program
 * gives it up; then the store forgets it. Patroni would wait forever for a leader, and an empty database must not replace the
 * lost one unasked.
 */
export async function resolveLostVolumes(docker: Docker, container: string, acceptDataLoss?: string): Promise<void> {
  const { cluster, system } = await holdingsOf(docker, container);
  if (system !== undefined) return;
  const stores = await storesOf(docker, cluster);
  const known = await knownSystem(docker, stores);
  // The first member may have initialized the database since the volumes were read.
  if (known === "" || (await holdingsOf(docker, container)).system !== undefined) return;
  const lost = {
    known,
    path: `cluster ${cluster}`,
    because: "the store knows it, and no member's volume holds it any more",
    copy: "a member's volume",
  };
  assertGivenUp(lost, acceptDataLoss);
  const { code, stderr } = await execIn(docker, required(stores[0], "etcd"), ["pgharbor-etcd-store", "forget"]);
  if (code !== 0) throw new Error(`${cluster}: could not remove the lost database from the store: ${stderr.trim()}`);
}

async function storesOf(docker: Docker, cluster: string): Promise<string[]> {
  const label = [`${labelKeys.cluster}=${cluster}`, `${labelKeys.role}=etcd`];
  const found = await docker.listContainers({ filters: { label } });
  return found.flatMap(({ Names }) => Names.slice(0, 1).map((name) => name.slice(1))).sort();
}

async function knownSystem(docker: Docker, stores: string[]): Promise<string> {
  const failures: string[] = [];
  for (const store of stores) {
    const status = await storeStatus(docker, store);
    if (typeof status !== "string") return status.initialize;
    failures.push(status);
  }
  throw new Error(`the store does not report whether a database exists: ${failures.join("; ") || "no etcd runs"}`);
}
