import { type Precondition, stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";
import { isReplaced, noteCreated } from "../provider/replaced";

/**
 * Creates nothing. The deletion of this resource removes leftovers of killed runs, except when it is only replaced,
 * because then the cluster stays.
 */
export const sweep = <Inputs>(
  kind: string,
  { id, comparable }: Pick<Precondition<Inputs>, "id" | "comparable">,
  remove: (props: Inputs) => Promise<void>,
): Handler<Inputs> => ({
  ...stateOnly<Inputs>({ id, comparable }),
  async create(inputs) {
    noteCreated(kind, id(inputs));
    return { id: id(inputs), outs: inputs };
  },
  async delete(resourceId, props) {
    if (!isReplaced(kind, resourceId)) await remove(props);
  },
});
