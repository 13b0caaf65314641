import type { CoreV1Event } from "@kubernetes/client-node";
import { callApi, type PodLocation } from "../connection/client";
import { unlessForbidden } from "../connection/unless-forbidden";

interface Named {
  metadata?: { uid?: string; name?: string };
}

/** A cluster has few objects, so events are read for this many only. */
const MOST_OBJECTS = 8;

/** Warnings about objects and autoscaler events, latest last. Empty where the caller may not read events. */
export async function warningsOf(location: PodLocation, objects: Named[]): Promise<CoreV1Event[]> {
  const { namespace } = location.kubernetes;
  const lists = await Promise.all(
    objects
      .slice(0, MOST_OBJECTS)
      .map(({ metadata }) =>
        unlessForbidden("events", () =>
          callApi(location, `list events in namespace ${namespace}`, ({ core }) =>
            core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.uid=${metadata?.uid}` }),
          ),
        ),
      ),
  );
  return lists
    .flatMap((list) => list?.value?.items ?? [])
    .filter(({ type, reason }) => type === "Warning" || reason === "TriggeredScaleUp" || reason === "Nominated")
    .sort((a, b) => lastSeen(a) - lastSeen(b));
}

export const lastSeen = ({ series, lastTimestamp, eventTime }: CoreV1Event): number =>
  new Date(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? 0).getTime();
