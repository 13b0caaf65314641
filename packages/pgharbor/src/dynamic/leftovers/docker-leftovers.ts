import { removeContainers } from "../../clients/docker/leftovers";
import type { Handler } from "../provider/handler";
import { sweep } from "./sweep";

/** The containers of one part of a cluster on Docker, also those that are in no state. */
export interface LeftoversInputs {
  cluster: string;
  /** The cluster itself or a separate service. */
  part: string;
  /** Docker host, or "" for the default. */
  engine: string;
  uid: string;
  /** Absent: every container of the cluster. */
  containers?: string[];
}

/**
 * Created after volumes and networks and before containers. So it is deleted between them, when only containers of killed runs
 * remain, which would keep volumes and networks in use.
 */
export const leftovers: Handler<LeftoversInputs> = sweep(
  "Leftovers",
  {
    id: ({ part }) => part,
    comparable: ({ engine, uid, containers }) => [engine, uid, containers],
  },
  ({ engine, uid, containers }) => removeContainers(engine, uid, containers),
);
