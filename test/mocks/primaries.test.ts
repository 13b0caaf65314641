import { besideAnotherPrimary, type Acknowledgement } from "../support/primaries";

/** Tests the function that the tests with lost primaries use to detect two primaries. */
let id = 0;
const write = (member: string, timeline: number, asked: number, at = asked + 1): Acknowledgement => ({
  ...{ id: ++id, member, timeline, asked, at },
});
beforeEach(() => {
  id = 0;
});

test("primaries that lead in turn, back and forth, lead one at a time", () => {
  expect(besideAnotherPrimary([write("m1", 1, 0), write("m2", 2, 5), write("m1", 3, 10), write("m1", 4, 15)])).toEqual(
    [],
  );
  // This write was sent while the old primary still led, and acknowledged late.
  expect(besideAnotherPrimary([write("m1", 1, 0, 7), write("m2", 2, 5)])).toEqual([]);
});

test("an old primary that still acknowledges, or one that shares a timeline, is detected", () => {
  expect(besideAnotherPrimary([write("m1", 1, 0), write("m2", 2, 5), write("m1", 1, 10)])).toEqual([
    "write 3 by m1 in timeline 1 beside write 2 by m2 in timeline 2",
  ]);
  expect(besideAnotherPrimary([write("m1", 1, 0), write("m2", 1, 5)])).toEqual([
    "write 4 by m1 in timeline 1 beside write 5 by m2 in timeline 1",
    "write 5 by m2 in timeline 1 beside write 4 by m1 in timeline 1",
  ]);
});
