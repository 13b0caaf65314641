import type { NamedCluster } from "@pgharbor/core";
import { clusterCheck } from "./cluster-check";
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

export const clusterIdentity: Handler<ClusterIdentityInputs> = {
  check: clusterCheck(asSpec),
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
