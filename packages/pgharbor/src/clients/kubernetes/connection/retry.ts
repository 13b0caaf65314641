import { callApi, type PodLocation } from "./client";

const ANNOTATION = "pgharbor.retry";

/**
 * A controller whose pod was refused doubles its delay with each retry, up to a quarter of an hour, even when the cause is gone.
 * A change makes it retry at once, so an annotation is set and removed again.
 */
const ANNOTATION_CHANGES = [{ [ANNOTATION]: new Date(0).toISOString() }, { [ANNOTATION]: null }];

export async function retryStatefulSet(location: PodLocation, name: string): Promise<void> {
  const { namespace } = location.kubernetes;
  for (const annotations of ANNOTATION_CHANGES)
    await callApi(location, `annotate StatefulSet ${namespace}/${name}`, ({ apps, library }) =>
      apps.patchNamespacedStatefulSet(
        { namespace, name, body: { metadata: { annotations } }, fieldManager: "pgharbor" },
        library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
      ),
    );
}

/** The kubelet delays the restart of a crashed container by up to five minutes. A new pod starts at once and reads its files again. */
export async function retryPod(location: PodLocation, name: string, uid: string | undefined): Promise<void> {
  const { namespace } = location.kubernetes;
  await callApi(location, `delete pod ${namespace}/${name}`, ({ core }) =>
    core.deleteNamespacedPod({ namespace, name, body: { preconditions: { uid } } }),
  );
}

/** Retries the ReplicaSets of a selector that lack a pod. */
export async function retryReplicaSets(location: PodLocation, labelSelector: string): Promise<void> {
  const { namespace } = location.kubernetes;
  const sets = await callApi(location, `list ReplicaSets in namespace ${namespace}`, ({ apps }) =>
    apps.listNamespacedReplicaSet({ namespace, labelSelector }),
  );
  const lacking = (sets?.items ?? []).filter(({ spec, status }) => (status?.replicas ?? 0) < (spec?.replicas ?? 1));
  for (const { metadata } of lacking)
    for (const annotations of ANNOTATION_CHANGES)
      await callApi(location, `annotate ReplicaSet ${namespace}/${metadata?.name}`, ({ apps, library }) =>
        apps.patchNamespacedReplicaSet(
          { namespace, name: metadata?.name ?? "", body: { metadata: { annotations } }, fieldManager: "pgharbor" },
          library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
        ),
      );
}
