import { isDeepStrictEqual } from "node:util";
import type { Handler } from "./handler";

/** A condition that must hold before dependent resources continue. */
export interface Gate<Inputs> {
  id(inputs: Inputs): string;
  /** Inputs that re-run the gate. */
  comparable(inputs: Inputs): unknown;
  /** Returns when the condition holds and throws when it will not. `again` is true after a change of the inputs. */
  run(inputs: Inputs, again: boolean): Promise<void>;
}

/** A gate creates and deletes nothing. */
export const gate = <Inputs>({ id, comparable, run }: Gate<Inputs>): Handler<Inputs> => ({
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await run(inputs, false);
    return { id: id(inputs), outs: inputs };
  },
  async update(_id, _olds, news) {
    await run(news, true);
    return { outs: news };
  },
});

/** Only stores its inputs in the state, for its `check` or `delete`. */
export const stateOnly = <Inputs>(keys: Pick<Gate<Inputs>, "id" | "comparable">): Handler<Inputs> =>
  gate({ ...keys, run: async () => undefined });
