import { deleteClaim as deleteOne } from "../../clients/kubernetes/objects/clean-up";
import { remainsOfMember as left } from "../../clients/kubernetes/objects/member-pod";
import { execAt as exec } from "../../clients/location";
import { clearLastLeader } from "../volumes/kept-claims";
import { membership, type MembershipInputs } from "./membership";

jest.mock("../../clients/kubernetes/objects/clean-up");
jest.mock("../../clients/kubernetes/objects/member-pod");
jest.mock("../volumes/kept-claims");
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("../../clients/location", () => ({
  ...jest.requireActual<object>("../../clients/location"),
  execAt: jest.fn(),
}));
const deleteClaim = jest.mocked(deleteOne);
const remainsOfMember = jest.mocked(left);
const execAt = jest.mocked(exec);

const props: MembershipInputs = {
  kubernetes: { namespace: "data" },
  cluster: "shop",
  member: "shop-m3-0",
  before: ["shop-m1-0/patroni", "shop-m2-0/patroni"],
  deleteClaim: "shop-m3-data",
};

/** The cluster's configuration as it was after each change of it. */
let written: Record<string, unknown>[];
let listed: { Member: string; State: string }[];
/** Of the changes, by number, those that fail. */
let failing: number[];
let config: Record<string, unknown>;

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  [written, failing] = [[], []];
  config = { ttl: 30 };
  listed = ["shop-m1-0", "shop-m2-0"].map((Member) => ({ Member, State: "running" }));
  deleteClaim.mockReset();
  remainsOfMember.mockReset().mockResolvedValue(undefined);
  let changes = 0;
  execAt.mockReset().mockImplementation(async (_place, _container, command, options) => {
    const ended = (stdout: unknown) => ({ code: 0, stdout: JSON.stringify(stdout), stderr: "" });
    if (command[0] === "patronictl") return ended(listed);
    if (command[1] === "get-config") return ended(config);
    config = JSON.parse(String(options?.stdin)) as typeof config;
    written.push(config);
    return failing.includes(changes++) ? { code: 1, stdout: "", stderr: "not taken by all" } : ended({});
  });
});
afterEach(() => jest.restoreAllMocks());

const remove = () => membership.delete!("", props);

describe("a removed member", () => {
  test("loses its slot and its claim", async () => {
    await remove();
    expect(written).toEqual([{ ttl: 30, member_slots_ttl: 1 }, { ttl: 30 }]);
    // The cluster lives on, and another may lead.
    expect(jest.mocked(clearLastLeader)).toHaveBeenCalledWith(expect.anything(), "shop");
    expect(deleteClaim.mock.calls).toEqual([
      [expect.objectContaining({ kubernetes: { namespace: "data" } }), "shop-m3-data"],
    ]);
  });

  test("leaves nothing in the configuration when another is deleted at the same time", async () => {
    config = { ttl: 30, member_slots_ttl: 1 };
    await remove();
    expect(config).toEqual({ ttl: 30 });
  });

  test("leaves nothing in the configuration when a change of it, or the first attempt to revert it, fails", async () => {
    // Each is tried on both members.
    failing = [0, 1, 2, 3];
    await remove();
    expect(config).toEqual({ ttl: 30 });
    expect(written).toHaveLength(5);
  });

  test("is awaited until its pod has ended", async () => {
    remainsOfMember.mockResolvedValueOnce("pod").mockResolvedValueOnce("pod");
    await remove();
    expect(remainsOfMember).toHaveBeenCalledTimes(3);
    expect(deleteClaim).toHaveBeenCalledTimes(1);
  });
});

describe("an existing member", () => {
  test("keeps its slot and its claim, at once", async () => {
    remainsOfMember.mockResolvedValue("StatefulSet");
    await remove();
    expect(execAt).not.toHaveBeenCalled();
    expect(deleteClaim).not.toHaveBeenCalled();
  });

  test("keeps its claim when its pod does not end", async () => {
    remainsOfMember.mockResolvedValue("pod");
    await expect(remove()).rejects.toThrow(/data\/shop-m3-0: has not ended within 960 s/);
    expect(written).toEqual([]);
    expect(deleteClaim).not.toHaveBeenCalled();
  });
});
