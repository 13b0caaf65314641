import { clusterChangeWarnings, type NamedCluster, type SyncMode } from "@pgharbor/core";
import { isInitialized } from "../../clients/kubernetes/objects/leader";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { clusterCheck } from "./cluster-check";
import { stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";

/** The fields that an existing cluster cannot change. On Kubernetes, the location is used to check whether it exists. */
export interface ClusterIdentityInputs extends Partial<PodLocation> {
  cluster: string;
  postgresVersion: string;
  /** The program's text, for example "8GB". */
  disk: string;
  /** 0 where the platform is the store. */
  etcdMembers: number;
  /** The synchronous replication mode, and whether the program sets it. States of earlier versions have neither. */
  sync?: SyncMode;
  writtenSync?: boolean;
  members?: number;
  /** The program's values, on Kubernetes. */
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

/** A cluster that cannot be asked counts as created. On Docker it is not asked. */
async function isCreated({ kubernetes, kubeconfig, cluster }: ClusterIdentityInputs): Promise<boolean> {
  if (kubernetes === undefined) return true;
  try {
    return await isInitialized({ kubernetes, kubeconfig }, cluster);
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

const checkChange = clusterCheck(asSpec, isCreated);

export const clusterIdentity: Handler<ClusterIdentityInputs> = {
  async check(olds, news) {
    warn(olds, news);
    return checkChange(olds, news);
  },
  // A larger disk is an update too: without it, each preview would show the change again.
  ...stateOnly<ClusterIdentityInputs>({
    id: (inputs) => inputs.cluster,
    comparable: (inputs) => [asSpec(inputs), inputs.sync],
  }),
};
