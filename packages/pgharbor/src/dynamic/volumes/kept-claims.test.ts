import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { LED_LAST, problemOfStart, RETAINED } from "./kept-claims";

const claim = (member: string, annotations: Record<string, string>, leaving = false): V1PersistentVolumeClaim => ({
  metadata: {
    name: `shop-${member}-data`,
    labels: { "pgharbor.member": member },
    annotations,
    ...(leaving ? { deletionTimestamp: new Date() } : {}),
  },
});
const kept = (member: string, last?: boolean) =>
  claim(member, { [RETAINED]: "true", ...(last === undefined ? {} : { [LED_LAST]: String(last) }) });

describe("a cluster may start with a claim", () => {
  test.each<[string, V1PersistentVolumeClaim[]]>([
    ["when nothing is kept", []],
    ["whose member led last", [kept("m1", true), kept("m2", false), kept("m3", false)]],
    ["that a person chose instead", [kept("m1", true), kept("m2", true)]],
    ["that is the only one", [kept("m1", false)]],
    [
      "beside those of members that this program has just made",
      [claim("m1", {}), claim("m2", { [RETAINED]: "false" })],
    ],
    ["beside one that is on its way out", [kept("m1"), claim("m2", { [RETAINED]: "true", [LED_LAST]: "true" }, true)]],
  ])("%s", (_when, all) => expect(problemOfStart("data", "shop-m1-data", all)).toBeUndefined());
});

test("not when another member led last", () => {
  expect(problemOfStart("data", "shop-m1-data", [kept("m1", false), kept("m2", false), kept("m3", true)])).toEqual({
    path: "PersistentVolumeClaim data/shop-m1-data",
    problem: "does not belong to the last leader: transactions that it lacks would be lost",
    value: "shop-m2-data, shop-m3-data (last leader)",
    fix:
      "let m3 start first: for the next `up` only, set memberSettings: " +
      '{ m1: { role: "offline" }, m2: { role: "offline" }, m3: { role: "replica" } }; or, to lose the retained data, ' +
      "run kubectl -n data annotate --overwrite pvc shop-m1-data pgharbor.led-last=true",
  });
});

test("not when the last leader is unknown", () => {
  for (const all of [
    [kept("m1"), kept("m2")],
    [kept("m1", false), kept("m2", false)],
  ])
    expect(problemOfStart("data", "shop-m1-data", all)).toMatchObject({
      problem: "may be older than other retained claims: it is not known which member was the last leader",
      fix: expect.stringMatching(
        /^choose the member that leads, run kubectl -n data annotate --overwrite pvc <its claim>/,
      ),
    });
});

test("not with a new claim while others are retained", () => {
  expect(problemOfStart("data", "shop-m1-data", [kept("m2", true)])).toMatchObject({
    problem: "would be new and start an empty cluster, while claims of the same cluster are retained",
    value: "shop-m2-data (last leader)",
    fix: expect.stringMatching(/^let m2 start first: .*; or, to lose the retained data, delete those claims$/),
  });
});
