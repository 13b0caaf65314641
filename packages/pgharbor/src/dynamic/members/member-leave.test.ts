import { leaderOf as lock } from "../../clients/kubernetes/objects/leader";
import { listPods as pods } from "../../clients/kubernetes/objects/pods";
import { remainsOfMember as left } from "../../clients/kubernetes/objects/member-pod";
import * as claims from "../volumes/kept-claims";
import { prepareLeave } from "./member-leave";

jest.mock("../volumes/kept-claims");
jest.mock("../../clients/kubernetes/objects/leader");
jest.mock("../../clients/kubernetes/objects/member-pod");
jest.mock("../../clients/kubernetes/objects/pods", () => ({
  ...jest.requireActual<object>("../../clients/kubernetes/objects/pods"),
  listPods: jest.fn(),
}));
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
const { markLastLeader, isAnotherMarked } = jest.mocked(claims);
const leaderOf = jest.mocked(lock);
const listPods = jest.mocked(pods);
const remainsOfMember = jest.mocked(left);

const running = (name: string) => ({
  metadata: { name },
  status: {
    containerStatuses: [
      { name: "patroni", image: "", imageID: "", ready: true, restartCount: 0, state: { running: {} } },
    ],
  },
});
const inputs = (staysLast?: boolean) => ({
  kubernetes: { namespace: "data" },
  cluster: "shop",
  member: "shop-m1-0/patroni",
  statefulSet: "",
  version: { uid: "", generation: 1 },
  staysLast,
});
const noted = () => markLastLeader.mock.calls.map(([, , leader]) => leader);

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  for (const one of [markLastLeader, isAnotherMarked, leaderOf, listPods, remainsOfMember]) one.mockReset();
  isAnotherMarked.mockResolvedValue(false);
});
afterEach(() => jest.restoreAllMocks());

test("any other member, and one whose claim is deleted, leaves without a wait", async () => {
  await prepareLeave(inputs());
  expect(leaderOf).not.toHaveBeenCalled();
  expect(listPods).not.toHaveBeenCalled();
});

describe("the first member, which leaves last", () => {
  test("waits until it is alone, and leads", async () => {
    listPods
      .mockResolvedValueOnce([running("shop-m1-0"), running("shop-m2-0")])
      .mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValueOnce(undefined).mockResolvedValue("shop-m1-0");
    await prepareLeave(inputs(true));
    expect(listPods.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(noted()).toEqual(["shop-m1-0"]);
  });

  test("does not wait for members that stay", async () => {
    listPods.mockResolvedValue([running("shop-m1-0"), running("shop-m2-0")]);
    remainsOfMember.mockResolvedValue("StatefulSet");
    await prepareLeave(inputs(true));
    expect(remainsOfMember.mock.calls.map(([, pod]) => pod)).toEqual(["shop-m2-0"]);
    expect(noted()).toEqual([]);
  });

  test("is not marked as last leader if it was not in sync, because it may lack transactions", async () => {
    isAnotherMarked.mockResolvedValue(true);
    listPods.mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValue("shop-m1-0");
    await prepareLeave(inputs(true));
    expect(noted()).toEqual([]);
  });

  test("marks no last leader if it does not run", async () => {
    listPods.mockResolvedValue([]);
    leaderOf.mockResolvedValue(undefined);
    await prepareLeave(inputs(true));
    expect(noted()).toEqual([undefined]);
  });
});
