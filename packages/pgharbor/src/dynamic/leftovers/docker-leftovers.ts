import { removeContainers } from "../../clients/docker/leftovers";
import type { Handler } from "../provider/handler";
import { sweep } from "./sweep";

/** Containers of one part of a cluster on Docker, whether the state knows them or not. */
export interface LeftoversInputs {
  cluster: string;
  /** The cluster itself, or a service of its own. */
  part: string;
  /** Docker host, or "" for the default. */
  engine: string;
  uid: string;
  /** Absent: every container of the cluster. */
  containers?: string[];
}

/**
 * Created after volumes and networks, and before containers: so it is deleted between them, when a container that is still there is
 * one that a killed run has left. Volumes and networks could not go while it uses them.
 */
export const leftovers: Handler<LeftoversInputs> = sweep(
  "Leftovers",
  {
    id: ({ part }) => part,
    comparable: ({ engine, uid, containers }) => [engine, uid, containers],
  },
  ({ engine, uid, containers }) => removeContainers(engine, uid, containers),
);
