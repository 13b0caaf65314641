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

test("another member, or one of a cluster whose claims go, leaves as it likes", async () => {
  await prepareLeave(inputs());
  expect(leaderOf).not.toHaveBeenCalled();
  expect(listPods).not.toHaveBeenCalled();
});

describe("the first, which goes last", () => {
  test("waits until it is alone, and leads", async () => {
    listPods
      .mockResolvedValueOnce([running("shop-m1-0"), running("shop-m2-0")])
      .mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValueOnce(undefined).mockResolvedValue("shop-m1-0");
    await prepareLeave(inputs(true));
    expect(listPods.mock.calls.length).toBeGreaterThanOrEqual(2);
    expect(noted()).toEqual(["shop-m1-0"]);
  });

  test("does not wait for members that stay: it alone is taken out", async () => {
    listPods.mockResolvedValue([running("shop-m1-0"), running("shop-m2-0")]);
    remainsOfMember.mockResolvedValue("StatefulSet");
    await prepareLeave(inputs(true));
    expect(remainsOfMember.mock.calls.map(([, pod]) => pod)).toEqual(["shop-m2-0"]);
    expect(noted()).toEqual([]);
  });

  test("is not taken for the last leader when it was not with the others: it may lack what they had", async () => {
    isAnotherMarked.mockResolvedValue(true);
    listPods.mockResolvedValue([running("shop-m1-0")]);
    leaderOf.mockResolvedValue("shop-m1-0");
    await prepareLeave(inputs(true));
    expect(noted()).toEqual([]);
  });

  test("that does not run leaves it open who led", async () => {
    listPods.mockResolvedValue([]);
    leaderOf.mockResolvedValue(undefined);
    await prepareLeave(inputs(true));
    expect(noted()).toEqual([undefined]);
  });
});
