import { clusterChangeWarnings, type NamedCluster, type SyncMode } from "@pgharbor/core";
import { isInitialized } from "../../clients/kubernetes/objects/leader";
import { podLocation, type Location } from "../../clients/location";
import { clusterCheck } from "./cluster-check";
import { remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";

/** What a cluster cannot change while it lives. The location is where that is asked, on Kubernetes. */
export interface ClusterIdentityInputs extends Partial<Location> {
  cluster: string;
  postgresVersion: string;
  /** As it was written, for example "8GB". */
  disk: string;
  /** 0 where the store is the platform's own. */
  etcdMembers: number;
  /** Which replicas commits wait for, and whether the program says so itself. A state of before has neither. */
  sync?: SyncMode;
  writtenSync?: boolean;
  members?: number;
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

/** What cannot be asked counts as made. On Docker it is not asked. */
async function isMade({ engine, kubernetes, kubeconfig, cluster }: ClusterIdentityInputs): Promise<boolean> {
  if (kubernetes === undefined) return true;
  try {
    return await isInitialized(podLocation({ engine: engine ?? "", kubernetes, kubeconfig }), cluster);
  } catch (error) {
    console.log(`${cluster}: ${(error as Error).message}`);
    return true;
  }
}

function warn(olds: ClusterIdentityInputs, news: ClusterIdentityInputs): void {
  if (olds.sync === undefined || news.sync === undefined) return;
  const { sync, writtenSync = false, members = 0 } = news;
  const warnings = clusterChangeWarnings({ sync: olds.sync }, { sync, writtenSync, members });
  for (const warning of warnings) console.log(`warning: ${news.cluster}: ${warning}`);
}

const refuseChange = clusterCheck(asSpec, isMade);

export const clusterIdentity: Handler<ClusterIdentityInputs> = {
  async check(olds, news) {
    warn(olds, news);
    return refuseChange(olds, news);
  },
  // A larger disk is an update, too: without it each preview would show the change again.
  ...remembered<ClusterIdentityInputs>({
    id: (inputs) => inputs.cluster,
    comparable: (inputs) => [asSpec(inputs), inputs.sync],
  }),
};
