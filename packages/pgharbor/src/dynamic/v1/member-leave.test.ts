import { leaderOf as lock } from "../../reach/kubernetes/leader";
import { listPods as pods } from "../../reach/kubernetes/pods";
import { execAt as exec } from "../../reach/place";
import * as claims from "./kept-claims";
import { leave } from "./member-leave";

jest.mock("./kept-claims");
jest.mock("../../reach/kubernetes/leader");
jest.mock("../../reach/kubernetes/pods", () => ({
  ...jest.requireActual<object>("../../reach/kubernetes/pods"),
  listPods: jest.fn(),
}));
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("../../reach/place", () => ({ ...jest.requireActual<object>("../../reach/place"), execAt: jest.fn() }));
const { noteLeader, isAnotherNoted } = jest.mocked(claims);
const leaderOf = jest.mocked(lock);
const listPods = jest.mocked(pods);
const execAt = jest.mocked(exec);

const running = (name: string) => ({
  metadata: { name },
  status: {
    containerStatuses: [
      { name: "patroni", image: "", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
    ],
  },
});
const inputs = (member: string, leavesTo: string | undefined = "shop-m1-0") => ({
  engine: "",
  kubernetes: { namespace: "data" },
  cluster: "shop",
  member: `${member}/patroni`,
  statefulSet: "",
  version: { uid: "", generation: 1 },
  leavesTo,
});
const place = expect.objectContaining({ kubernetes: { namespace: "data" } }) as unknown;
const noted = () => noteLeader.mock.calls.map(([, , leader]) => leader);

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  for (const one of [noteLeader, isAnotherNoted, leaderOf, listPods, execAt]) one.mockReset();
  isAnotherNoted.mockResolvedValue(false);
});
afterEach(() => jest.restoreAllMocks());

test("a cluster whose claims go is left as it is", async () => {
  await leave({ ...inputs("shop-m3-0"), leavesTo: undefined });
  expect(leaderOf).not.toHaveBeenCalled();
});

describe("a member that goes before the first", () => {
  test("lets the first lead", async () => {
    leaderOf.mockResolvedValueOnce("shop-m3-0").mockResolvedValue("shop-m1-0");
    execAt.mockResolvedValue({ code: 0, stdout: "", stderr: "" });
    await leave(inputs("shop-m3-0"));
    const command = ["pgharbor-patroni", "switchover", "--to", "shop-m1-0"];
    expect(execAt.mock.calls).toEqual([[place, "shop-m3-0/patroni", command]]);
    expect(noted()).toEqual(["shop-m1-0"]);
  });

  test("leaves the first that leads alone", async () => {
    leaderOf.mockResolvedValue("shop-m1-0");
    await leave(inputs("shop-m3-0"));
    expect(execAt).not.toHaveBeenCalled();
    expect(noted()).toEqual(["shop-m1-0"]);
  });

  test("notes who leads where the first cannot", async () => {
    leaderOf.mockResolvedValue("shop-m2-0");
    execAt.mockResolvedValue({ code: 1, stdout: "", stderr: "shop-m1-0 cannot take over" });
    await leave(inputs("shop-m3-0"));
    expect(noted()).toEqual(["shop-m2-0"]);
  });
});

describe("the first, which goes last", () => {
  test("waits until it is alone, and leads", async () => {
    listPods
      .mockResolvedValueOnce([running("shop-m1-0"), running("shop-m2-0")])
      .mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValueOnce(undefined).mockResolvedValue("shop-m1-0");
    await leave(inputs("shop-m1-0"));
    expect(listPods.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(noted()).toEqual(["shop-m1-0"]);
  });

  test("is not taken for the last leader when it was not with the others: it may lack what they had", async () => {
    isAnotherNoted.mockResolvedValue(true);
    listPods.mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValue("shop-m1-0");
    await leave(inputs("shop-m1-0"));
    expect(noted()).toEqual([]);
  });

  test("that does not run leaves it open who led", async () => {
    listPods.mockResolvedValue([]);
    leaderOf.mockResolvedValue(undefined);
    await leave(inputs("shop-m1-0"));
    expect(noted()).toEqual([undefined]);
  });
});
