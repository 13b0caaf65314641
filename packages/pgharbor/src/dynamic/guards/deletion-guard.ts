import { stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";

/** Deleted before everything else of a cluster, so its refusal protects the whole cluster. */
export interface DeletionGuardInputs {
  cluster: string;
  on: boolean;
}

export const deletionGuard: Handler<DeletionGuardInputs> = {
  ...stateOnly<DeletionGuardInputs>({ id: (inputs) => inputs.cluster, comparable: (inputs) => inputs.on }),
  async delete(_id, props) {
    if (!props.on) return;
    throw new Error(
      `PostgresCluster ${JSON.stringify(props.cluster)} is not deleted, because its data would be lost: deletionProtection is on; ` +
        "set deletionProtection: false in the program, run `pulumi up`, and delete it then",
    );
  },
};
