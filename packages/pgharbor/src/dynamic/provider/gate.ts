import { isDeepStrictEqual } from "node:util";
import type { Handler } from "./handler";

/** Something that must be so before what depends on it goes on. */
export interface Gate<Inputs> {
  id(inputs: Inputs): string;
  /** What it is passed for: another value of it, and it is passed again. */
  comparable(inputs: Inputs): unknown;
  /** Returns when it is so; throws when it will not be. `again`: it was passed before, for another value. */
  pass(inputs: Inputs, again: boolean): Promise<void>;
}

/** Makes nothing and has nothing to delete. */
export const gate = <Inputs>({ id, comparable, pass }: Gate<Inputs>): Handler<Inputs> => ({
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await pass(inputs, false);
    return { id: id(inputs), outs: inputs };
  },
  async update(_id, _olds, news) {
    await pass(news, true);
    return { outs: news };
  },
});

/** Makes nothing and waits for nothing: it is remembered in the state for what `check` or `delete` does. */
export const remembered = <Inputs>(its: Pick<Gate<Inputs>, "id" | "comparable">): Handler<Inputs> =>
  gate({ ...its, pass: async () => undefined });
