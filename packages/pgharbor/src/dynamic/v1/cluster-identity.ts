import { checkClusterChange, type NamedCluster } from "@pgharbor/core";
import type { Handler } from "./handler";

/** What a cluster cannot change while it lives. */
export interface ClusterIdentityInputs {
  cluster: string;
  postgresVersion: string;
  /** As it was written, for example "8GB". */
  disk: string;
  /** 0 where the store is the platform's own. */
  etcdMembers: number;
}

/** Compares with the state in `check`, so that the preview of a change that cannot be made already fails. */
export const clusterIdentity: Handler<ClusterIdentityInputs> = {
  async check(olds, news) {
    // Of a new cluster there is nothing to compare with.
    const problems = olds.cluster === undefined ? [] : checkClusterChange(asSpec(olds), asSpec(news));
    return { inputs: news, failures: problems.map((p) => ({ property: p.path, reason: p.message })) };
  },
  async diff(_id, olds, news) {
    return { changes: olds.disk !== news.disk };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
};

const asSpec = ({ cluster, postgresVersion, disk, etcdMembers }: ClusterIdentityInputs): NamedCluster => ({
  name: cluster,
  spec: { postgresVersion, resources: { disk }, docker: etcdMembers === 0 ? undefined : { etcdMembers } },
});
