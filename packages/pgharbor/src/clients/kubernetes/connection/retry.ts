import { callApi, type PodPlace } from "./client";

const ANNOTATION = "pgharbor.retry";

/**
 * A controller that was refused a pod tries again after twice the time each time, up to a quarter of an hour, even when what
 * refused it is gone. A change makes it try at once; so an annotation comes and goes, and nothing is left of it.
 */
const changes = [{ [ANNOTATION]: new Date(0).toISOString() }, { [ANNOTATION]: null }];

export async function retryStatefulSet(place: PodPlace, name: string): Promise<void> {
  const { namespace } = place.kubernetes;
  for (const annotations of changes)
    await callApi(place, `annotate StatefulSet ${namespace}/${name}`, ({ apps, library }) =>
      apps.patchNamespacedStatefulSet(
        { namespace, name, body: { metadata: { annotations } }, fieldManager: "pgharbor" },
        library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
      ),
    );
}

/** The kubelet waits up to five minutes before it starts a crashed container again; a new pod starts at once, and reads its files anew. */
export async function retryPod(place: PodPlace, name: string, uid: string | undefined): Promise<void> {
  const { namespace } = place.kubernetes;
  await callApi(place, `delete pod ${namespace}/${name}`, ({ core }) =>
    core.deleteNamespacedPod({ namespace, name, body: { preconditions: { uid } } }),
  );
}

/** Those of a selector that lack a pod. */
export async function retryReplicaSets(place: PodPlace, labelSelector: string): Promise<void> {
  const { namespace } = place.kubernetes;
  const sets = await callApi(place, `list ReplicaSets in namespace ${namespace}`, ({ apps }) =>
    apps.listNamespacedReplicaSet({ namespace, labelSelector }),
  );
  const lacking = (sets?.items ?? []).filter(({ spec, status }) => (status?.replicas ?? 0) < (spec?.replicas ?? 1));
  for (const { metadata } of lacking)
    for (const annotations of changes)
      await callApi(place, `annotate ReplicaSet ${namespace}/${metadata?.name}`, ({ apps, library }) =>
        apps.patchNamespacedReplicaSet(
          { namespace, name: metadata?.name ?? "", body: { metadata: { annotations } }, fieldManager: "pgharbor" },
          library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
        ),
      );
}
