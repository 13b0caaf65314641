import { MemberRole } from "@pgharbor/core";
import { PostgresCluster, type PostgresClusterArgs } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";
import { remembered } from "../support/remembered";

const OURS = "pulumi-nodejs:dynamic/pgharbor";
const MEMBERS = ["m1", "m2", "m3"];

const make = remembered(async (storage: object, more: Partial<PostgresClusterArgs>) => {
  const engine = await MockEngine.start();
  new PostgresCluster("shop", { kubernetes: { namespace: "data", storage }, members: 3, ...more });
  return engine.settle();
});
const memberships = (engine: MockEngine) =>
  engine.of(`${OURS}:Membership`).map(({ name, inputs, deletedWith }) => [name, inputs.before, deletedWith]);
const claims = (engine: MockEngine) =>
  MEMBERS.map((member) => engine.one(`${OURS}:MemberClaim`, `shop-${member}-data`));

const readiness = (engine: MockEngine) =>
  MEMBERS.map((member) => engine.one(`${OURS}:MemberReady`, `shop-${member}-ready`)).map((one) => [
    one.name,
    one.inputs.staysLast,
  ]);

const OFFLINE = { memberSettings: { m1: { role: MemberRole.Offline } } };

describe("members whose order changes with their roles", () => {
  test("keep their resources and dependencies", async () => {
    const before = memberships(await make({}, {}));
    const m1 = expect.stringMatching(/shop-m1-data$/) as string;
    expect(before).toEqual([
      ["shop-m2-membership", ["shop-m1-0/patroni"], m1],
      ["shop-m3-membership", ["shop-m1-0/patroni", "shop-m2-0/patroni"], m1],
    ]);
    expect(memberships(await make({}, OFFLINE))).toEqual(before);
  });

  test("keep the deletion policy of their claims", async () => {
    const fates = async (more: object) =>
      claims(await make({ retainOnScaleDown: true }, more)).map(({ inputs, protect }) => [inputs.retain, protect]);
    expect(await fates(OFFLINE)).toEqual(await fates({}));
  });

  test("start with the first that may lead: its claim comes before the others, and it leads last and is deleted last", async () => {
    const engine = await make({ retainOnDelete: true }, OFFLINE);
    expect(claims(engine).map(({ inputs }) => inputs.bootstrapsCluster)).toEqual([undefined, "shop", undefined]);
    expect(claims(engine).map(({ dependsOn }) => dependsOn.includes("shop-m2-data"))).toEqual([true, false, true]);
    expect(readiness(engine)).toEqual([
      ["shop-m1-ready", undefined],
      ["shop-m2-ready", true],
      ["shop-m3-ready", undefined],
    ]);
    const { inputs, dependsOn } = engine.one(`${OURS}:LastLeader`, "shop-last-leader");
    expect(inputs.member).toBe("shop-m2-0/patroni");
    expect(dependsOn).toEqual(expect.arrayContaining(["shop-m1-ready", "shop-m2-ready", "shop-m3-ready"]));
  });
});

test("members of a cluster whose claims are deleted are removed in any order", async () => {
  const engine = await make({}, {});
  expect(readiness(engine).map(([, staysLast]) => staysLast)).toEqual([undefined, undefined, undefined]);
  expect(engine.one(`${OURS}:LastLeader`, "shop-last-leader").inputs.member).toBeUndefined();
});

test.each([
  [{}, [true, true, true]],
  [{ retainOnDelete: true }, [true, true, true]],
  [{ retainOnScaleDown: true }, [true, false, false]],
  [{ retainOnDelete: true, retainOnScaleDown: true }, [true, false, false]],
])("with storage %j, deletion protection of the claims is %j", async (storage, expected) => {
  expect(claims(await make(storage, {})).map(({ protect }) => protect === true)).toEqual(expected);
  const open = claims(await make(storage, { deletionProtection: false }));
  expect(open.map(({ protect }) => protect === true)).toEqual([false, false, false]);
});
