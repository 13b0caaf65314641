import type { Handler } from "./handler";

/** Stands in front of everything of a cluster: it is deleted first, or refuses to be. */
export interface DeletionGuardInputs {
  cluster: string;
  on: boolean;
}

export const deletionGuard: Handler<DeletionGuardInputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.on !== news.on };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    if (!props.on) return;
    throw new Error(
      `PostgresCluster ${JSON.stringify(props.cluster)} is not deleted, for its data would be: deletionProtection is on; ` +
        "set deletionProtection: false in the program, run `pulumi up`, and delete it then",
    );
  },
};
