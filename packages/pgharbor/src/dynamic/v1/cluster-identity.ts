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
  /** On Kubernetes, as they were written. */
  namespace?: string;
  storageClass?: string;
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
  /** A larger disk. Without it nothing at all would be remembered, and each preview would show the change again. */
  async update(_id, _olds, news) {
    return { outs: news };
  },
};

const asSpec = (inputs: ClusterIdentityInputs): NamedCluster => ({
  name: inputs.cluster,
  spec: {
    postgresVersion: inputs.postgresVersion,
    resources: { disk: inputs.disk },
    ...(inputs.etcdMembers === 0
      ? { kubernetes: { namespace: inputs.namespace, storage: { storageClass: inputs.storageClass } } }
      : { docker: { etcdMembers: inputs.etcdMembers } }),
  },
});
