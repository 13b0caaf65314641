import { callApi, type PodLocation } from "./client";

const ANNOTATION = "pgharbor.retry";

/**
 * A controller that was refused a pod tries again after twice the time each time, up to a quarter of an hour, even when what
 * refused it is gone. A change makes it try at once; so an annotation comes and goes, and nothing is left of it.
 */
const changes = [{ [ANNOTATION]: new Date(0).toISOString() }, { [ANNOTATION]: null }];

export async function retryStatefulSet(location: PodLocation, name: string): Promise<void> {
  const { namespace } = location.kubernetes;
  for (const annotations of changes)
    await callApi(location, `annotate StatefulSet ${namespace}/${name}`, ({ apps, library }) =>
      apps.patchNamespacedStatefulSet(
        { namespace, name, body: { metadata: { annotations } }, fieldManager: "pgharbor" },
        library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
      ),
    );
}

/** The kubelet waits up to five minutes before it starts a crashed container again; a new pod starts at once, and reads its files anew. */
export async function retryPod(location: PodLocation, name: string, uid: string | undefined): Promise<void> {
  const { namespace } = location.kubernetes;
  await callApi(location, `delete pod ${namespace}/${name}`, ({ core }) =>
    core.deleteNamespacedPod({ namespace, name, body: { preconditions: { uid } } }),
  );
}

/** Those of a selector that lack a pod. */
export async function retryReplicaSets(location: PodLocation, labelSelector: string): Promise<void> {
  const { namespace } = location.kubernetes;
  const sets = await callApi(location, `list ReplicaSets in namespace ${namespace}`, ({ apps }) =>
    apps.listNamespacedReplicaSet({ namespace, labelSelector }),
  );
  const lacking = (sets?.items ?? []).filter(({ spec, status }) => (status?.replicas ?? 0) < (spec?.replicas ?? 1));
  for (const { metadata } of lacking)
    for (const annotations of changes)
      await callApi(location, `annotate ReplicaSet ${namespace}/${metadata?.name}`, ({ apps, library }) =>
        apps.patchNamespacedReplicaSet(
          { namespace, name: metadata?.name ?? "", body: { metadata: { annotations } }, fieldManager: "pgharbor" },
          library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
        ),
      );
}
