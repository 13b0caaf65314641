import { storeReady } from "./store-ready";
import { storeStatus } from "../../clients/docker/store-status";

jest.mock("../../clients/docker/store-status");
const status = jest.mocked(storeStatus);

const inputs = { engine: "", cluster: "shop", containers: [{ name: "shop-etcd-1", id: "a" }] };
const whole = { members: [{ name: "shop-etcd-1", started: true, learner: false }], initialize: "" };

test("a refresh that finds the store without a quorum makes the next `up` wait for it, once", async () => {
  status.mockResolvedValueOnce("etcd has no quorum");
  const { props } = await storeReady.read!("shop", inputs);
  expect(await storeReady.diff("shop", props!, inputs)).toEqual({ changes: true });
  status.mockResolvedValueOnce("etcd has no quorum").mockResolvedValueOnce(whole);
  const { outs } = await storeReady.update("shop", props!, inputs);
  expect(await storeReady.diff("shop", outs!, inputs)).toEqual({ changes: false });
});

test("the wait includes a member that was added and has not started", async () => {
  const added = { ...whole, members: [{ name: "", started: false, learner: false }] };
  status.mockResolvedValueOnce(added).mockResolvedValueOnce(whole);
  await storeReady.create(inputs);
  expect(status.mock.calls.length).toBeGreaterThanOrEqual(2);
});
