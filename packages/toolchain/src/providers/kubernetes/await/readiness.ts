import type { KubeApi } from "../kube-api";
import type { KubeObject } from "../kube-object";

/** What one look at an object said. */
export interface Look {
  readonly ready: boolean;
  /** What is being waited for, for the person who waits. */
  readonly status?: string;
  /** What is wrong as far as it can be seen, for the error when the time is over. */
  readonly problems: readonly string[];
  /** Waiting longer is of no use. */
  readonly failed?: boolean;
}

export interface Waiting {
  readonly api: KubeApi;
  /** The object as the server answered to the creation or update. */
  readonly made: KubeObject;
  /** As it was before, when this is an update. */
  readonly before?: KubeObject;
  /** Things settle between two looks of one wait; a single look takes them as they are. */
  readonly once: boolean;
}

/** When objects of a kind are ready. */
export interface Readiness {
  /** Also looked at in a refresh. */
  readonly onRead: boolean;
  /** At most, whatever the program says. */
  readonly maxMs?: number;
  /** A function that looks at the live object, again and again. */
  start(waiting: Waiting): (live: KubeObject) => Promise<Look>;
  /** What belongs to the object and may be to blame: its own events are not enough. */
  suspects?(api: KubeApi, live: KubeObject): Promise<KubeObject[]>;
}

export const READY: Look = { ready: true, problems: [] };
