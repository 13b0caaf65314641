import { remainingOf } from "./lost-quorum";

const whole = (name: string) => ({ name, data: true, established: true });
const empty = (name: string) => ({ name, data: false, established: false });

test("the only one of three with data becomes the new store", () => {
  expect(remainingOf([empty("a"), whole("b"), empty("c")])?.name).toBe("b");
});

test("the first becomes the new store if all have lost their data", () => {
  expect(remainingOf([empty("a"), empty("b"), empty("c")])?.name).toBe("a");
  expect(remainingOf([empty("a")])?.name).toBe("a");
});

test.each([
  ["two have data", [whole("a"), whole("b"), empty("c")]],
  ["one has data, another does not answer and may have data", [whole("a"), undefined, empty("c")]],
  ["one does not answer, and the others have none", [undefined, empty("b"), empty("c")]],
  ["the store starts for the first time", [{ ...whole("a"), established: false }, empty("b"), empty("c")]],
  ["the only one has data", [whole("a")]],
])("none does where %s", (_what, found) => expect(remainingOf(found)).toBeUndefined());
