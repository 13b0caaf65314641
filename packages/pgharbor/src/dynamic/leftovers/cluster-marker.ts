import { ExplainedError } from "@pgharbor/core";
import { randomUUID } from "node:crypto";

import { findNamesake, removeEverything } from "../../clients/docker/leftovers";
import type { Handler } from "../provider/handler";
import { isReplaced, noteCreated } from "../provider/replaced";

/** The marker that distinguishes a cluster's objects on Docker from those of another cluster of the same name. */
export interface ClusterMarkerInputs {
  cluster: string;
  /** Docker host, or "" for the default. */
  engine: string;
  /**
   * The stack's name, for users. It stays as it was at the creation, because another label would replace containers.
   */
  stack: string;
}
export interface ClusterMarkerOutputs extends ClusterMarkerInputs {
  uid: string;
}

/** Created before everything else of a cluster on Docker and deleted last, when it removes the leftovers of killed runs. */
export const clusterMarker: Handler<ClusterMarkerInputs, ClusterMarkerOutputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.engine !== news.engine, stables: ["uid", "stack"] };
  },
  async create(inputs) {
    const uid = randomUUID();
    await assertNoNamesake(inputs, uid);
    noteCreated("ClusterMarker", inputs.cluster);
    return { id: inputs.cluster, outs: { ...inputs, uid } };
  },
  async update(_id, olds, news) {
    return { outs: { ...news, uid: olds.uid, stack: olds.stack } };
  },
  async delete(id, { engine, uid }) {
    if (!isReplaced("ClusterMarker", id)) await removeEverything(engine, uid);
  },
};

async function assertNoNamesake({ cluster, engine }: ClusterMarkerInputs, uid: string): Promise<void> {
  const found = await findNamesake(engine, cluster, uid);
  if (found === undefined) return;
  throw new ExplainedError({
    path: `PostgresCluster ${JSON.stringify(cluster)}`,
    problem: `a cluster of this name already exists: ${found.what} is ${found.whose}`,
    value: JSON.stringify(cluster),
    fix: "give this cluster another name; or destroy the other one, if nobody needs it",
  });
}
