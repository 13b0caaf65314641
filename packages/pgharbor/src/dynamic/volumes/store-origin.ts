import type Docker from "dockerode";
import { names } from "@pgharbor/core";
import { holdingsOf, type Holdings } from "./cluster-volumes";

/** No member has this name: who led last is not known when the store is lost. */
const NOBODY = "-";

/**
 * What an etcd without data is told of where it is: whether the store may be at its first start, and, where there is a database
 * without a store, what Patroni must find in the one that is made anew.
 */
export async function storeOrigin(docker: Docker, container: string, name: string): Promise<Record<string, string>> {
  const holdings = await holdingsOf(docker, container);
  const isFirstStart = !holdings.hasStore && holdings.system === undefined;
  return {
    "initial-cluster-state": isFirstStart ? "new" : "existing",
    ...(isSeeded(holdings, name) ? { "seed.json": JSON.stringify(seedOf(holdings)) } : {}),
  };
}

/** By one of several: the others join it. */
const isSeeded = ({ cluster, hasStore, system }: Holdings, name: string): boolean =>
  !hasStore && system !== undefined && name === names.etcd(cluster, 1);

/**
 * Whose database it is, so that no other is taken in; and an election in which every member that has data must be heard, so that
 * whoever starts first does not win with less than another has. A primary that still runs needs no election.
 */
export function seedOf({ system, members }: Pick<Holdings, "system" | "members">): Record<string, string> {
  const [only, ...others] = members;
  const sync =
    others.length === 0
      ? { leader: only, sync_standby: null, quorum: 0 }
      : { leader: NOBODY, sync_standby: members.join(","), quorum: others.length };
  return { initialize: system ?? "", sync: JSON.stringify(sync) };
}
