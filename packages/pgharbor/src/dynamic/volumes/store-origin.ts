import type Docker from "dockerode";
import { names } from "@pgharbor/core";
import { holdingsOf, type Holdings } from "./cluster-volumes";

/** No member has this name: the last leader is not known when the store is lost. */
const NOBODY = "-";

/**
 * The files for an etcd without data: whether this may be the store's first start, and, for a database that has lost its store,
 * the keys that Patroni must find in the new store.
 */
export async function storeOrigin(docker: Docker, container: string, name: string): Promise<Record<string, string>> {
  const holdings = await holdingsOf(docker, container);
  const isFirstStart = !holdings.hasStore && holdings.system === undefined;
  return {
    "initial-cluster-state": isFirstStart ? "new" : "existing",
    ...(isSeeded(holdings, name) ? { "seed.json": JSON.stringify(seedOf(holdings)) } : {}),
  };
}

/** Only the first etcd is seeded, the others join it. */
const isSeeded = ({ cluster, hasStore, system }: Holdings, name: string): boolean =>
  !hasStore && system !== undefined && name === names.etcd(cluster, 1);

/**
 * The system identifier keeps other databases out. The sync key demands an answer from every member with data, so that the member
 * that starts first does not win with less data than another has. A primary that still runs needs no election.
 */
export function seedOf({ system, members }: Pick<Holdings, "system" | "members">): Record<string, string> {
  const [only, ...others] = members;
  const sync =
    others.length === 0
      ? { leader: only, sync_standby: null, quorum: 0 }
      : { leader: NOBODY, sync_standby: members.join(","), quorum: others.length };
  return { initialize: system ?? "", sync: JSON.stringify(sync) };
}
