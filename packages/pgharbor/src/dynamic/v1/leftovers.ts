import { removeContainers } from "../../reach/docker-leftovers";
import { remembered } from "./gate";
import type { Handler } from "./handler";

/** Containers of one part of a cluster on Docker, whether the state knows them or not. */
export interface LeftoversInputs {
  cluster: string;
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
export const leftovers: Handler<LeftoversInputs> = {
  ...remembered<LeftoversInputs>({
    id: ({ cluster }) => cluster,
    comparable: ({ engine, uid, containers }) => [engine, uid, containers],
  }),
  async delete(_id, { engine, uid, containers }) {
    await removeContainers(engine, uid, containers);
  },
};
