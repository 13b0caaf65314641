import { remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";

/** Stands in front of everything of a cluster: it is deleted first, or refuses to be. */
export interface DeletionGuardInputs {
  cluster: string;
  on: boolean;
}

export const deletionGuard: Handler<DeletionGuardInputs> = {
  ...remembered<DeletionGuardInputs>({ id: (inputs) => inputs.cluster, comparable: (inputs) => inputs.on }),
  async delete(_id, props) {
    if (!props.on) return;
    throw new Error(
      `PostgresCluster ${JSON.stringify(props.cluster)} is not deleted, for its data would be: deletionProtection is on; ` +
        "set deletionProtection: false in the program, run `pulumi up`, and delete it then",
    );
  },
};
