import { type Gate, remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";
import { isReplaced, noteCreated } from "../provider/replaced";

/** Creates nothing: its deletion removes what a killed run has left. One that is replaced removes nothing, for what it stands for lives on. */
export const sweep = <Inputs>(
  kind: string,
  { id, comparable }: Pick<Gate<Inputs>, "id" | "comparable">,
  remove: (props: Inputs) => Promise<void>,
): Handler<Inputs> => ({
  ...remembered<Inputs>({ id, comparable }),
  async create(inputs) {
    noteCreated(kind, id(inputs));
    return { id: id(inputs), outs: inputs };
  },
  async delete(itsId, props) {
    if (!isReplaced(kind, itsId)) await remove(props);
  },
});
