import { leaderOf as lock } from "../../clients/kubernetes/objects/leader";
import { execAt as exec } from "../../clients/location";
import { markLastLeader as note } from "../volumes/kept-claims";
import { lastLeader } from "./last-leader";

jest.mock("../volumes/kept-claims");
jest.mock("../../clients/kubernetes/objects/leader");
jest.mock("node:timers/promises", () => ({ setTimeout: () => Promise.resolve() }));
jest.mock("../../clients/location", () => ({
  ...jest.requireActual<object>("../../clients/location"),
  execAt: jest.fn(),
}));
const markLastLeader = jest.mocked(note);
const leaderOf = jest.mocked(lock);
const execAt = jest.mocked(exec);

const location = expect.objectContaining({ kubernetes: { namespace: "data" } }) as unknown;
const noted = () => markLastLeader.mock.calls.map(([, , leader]) => leader);
const end = (member?: string) =>
  lastLeader.delete!("shop", { kubernetes: { namespace: "data" }, cluster: "shop", member });

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  for (const one of [markLastLeader, leaderOf, execAt]) one.mockReset();
});
afterEach(() => jest.restoreAllMocks());

test("a cluster whose claims are deleted is not changed", async () => {
  await end();
  expect(leaderOf).not.toHaveBeenCalled();
});

test("the current leader hands over to the first member", async () => {
  leaderOf.mockResolvedValueOnce("shop-m3-0").mockResolvedValue("shop-m1-0");
  execAt.mockResolvedValue({ code: 0, stdout: "", stderr: "" });
  await end("shop-m1-0/patroni");
  const command = ["pgharbor-patroni", "switchover", "--to", "shop-m1-0"];
  expect(execAt.mock.calls).toEqual([[location, "shop-m3-0/patroni", command]]);
  expect(noted()).toEqual(["shop-m1-0"]);
});

test("a first member that already leads is not changed", async () => {
  leaderOf.mockResolvedValue("shop-m1-0");
  await end("shop-m1-0/patroni");
  expect(execAt).not.toHaveBeenCalled();
  expect(noted()).toEqual(["shop-m1-0"]);
});

test("the current leader is marked if the first member cannot lead", async () => {
  leaderOf.mockResolvedValue("shop-m2-0");
  execAt.mockResolvedValue({ code: 1, stdout: "", stderr: "shop-m1-0 cannot become primary" });
  await end("shop-m1-0/patroni");
  expect(noted()).toEqual(["shop-m2-0"]);
});
