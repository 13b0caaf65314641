import { isDeepStrictEqual } from "node:util";
import type { Handler } from "./handler";

/** A condition that must hold before dependent resources continue. */
export interface Precondition<Inputs> {
  id(inputs: Inputs): string;
  /** Inputs whose change runs it again. */
  comparable(inputs: Inputs): unknown;
  /** Returns when the condition holds and throws when it will not. `again` is true after a change of the inputs. */
  run(inputs: Inputs, again: boolean): Promise<void>;
}

/** Handles a resource that only waits or asserts: it creates and deletes nothing. */
export const preconditionHandler = <Inputs>({ id, comparable, run }: Precondition<Inputs>): Handler<Inputs> => ({
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

/** Stores inputs in the state, where a `check` or `delete` finds them. */
export const stateOnly = <Inputs>(keys: Pick<Precondition<Inputs>, "id" | "comparable">): Handler<Inputs> =>
  preconditionHandler({ ...keys, run: async () => undefined });
