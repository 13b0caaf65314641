import type { EngineConnection } from "./connection";
import { containerType } from "./container";

const refusal = (statusCode: number) => Object.assign(new Error("busy"), { statusCode });

/** A container's deletion where the engine refuses these times, one after the other, before it does what it is asked. */
async function deletion(refusals: Record<string, number[]>): Promise<string[]> {
  const asked: string[] = [];
  const answer = (what: string) => () => {
    asked.push(what);
    const statusCode = refusals[what]?.shift();
    return statusCode === undefined ? Promise.resolve() : Promise.reject(refusal(statusCode));
  };
  const container = { stop: answer("stop"), remove: answer("remove"), wait: answer("wait") };
  const connection = { engine: () => Promise.resolve({ getContainer: () => container }) };
  const context = { urn: "", name: "", timeout: 0 };
  await containerType(connection as unknown as EngineConnection).delete!("id", { name: "shop-m1" }, context);
  return asked;
}

test.each([
  ["that is busy is asked again", { stop: [500], remove: [500] }, ["stop", "stop", "remove", "stop", "remove"]],
  ["that does not have it any more is not", { stop: [404], remove: [404] }, ["stop", "remove"]],
  ["that removes it already is waited for", { stop: [304], remove: [409] }, ["stop", "remove", "wait"]],
])("an engine %s when a container is deleted", async (_, refusals, asked) => {
  expect(await deletion(refusals)).toEqual(asked);
});

test("an engine that stays busy is told of with its words", async () => {
  await expect(deletion({ remove: Array<number>(9).fill(500) })).rejects.toThrow(
    /^removing the container shop-m1: busy$/,
  );
});
