import * as docker from "../../clients/docker/leftovers";
import { clusterMarker } from "./cluster-marker";
import { leftovers } from "./docker-leftovers";

jest.mock("../../clients/docker/leftovers");
const { findNamesake, removeContainers, removeEverything } = jest.mocked(docker);
beforeEach(() => jest.resetAllMocks());

const marker = (cluster: string) => ({ cluster, engine: "", stack: "shop/dev" });

test("a deleted marker removes leftovers with its uid; a replaced one removes nothing", async () => {
  await clusterMarker.delete!("shop", { ...marker("shop"), uid: "old" });
  expect(removeEverything.mock.calls).toEqual([["", "old"]]);
  const { outs } = await clusterMarker.create(marker("shop"));
  expect(outs?.uid).toMatch(/^[0-9a-f-]{36}$/);
  await clusterMarker.delete!("shop", { ...marker("shop"), uid: "old" });
  expect(removeEverything).toHaveBeenCalledTimes(1);
});

test("deleting leftovers removes the containers of that part, and none of the cluster itself", async () => {
  const part = (name: string, containers?: string[]) => ({
    cluster: "shop",
    part: name,
    engine: "",
    uid: "u",
    containers,
  });
  await leftovers.create(part("shop"));
  await leftovers.delete!("shop", part("shop"));
  expect(removeContainers).not.toHaveBeenCalled();
  await leftovers.delete!("shop-audit", part("shop-audit", ["shop-audit-haproxy"]));
  expect(removeContainers.mock.calls).toEqual([["", "u", ["shop-audit-haproxy"]]]);
});

test("the uid and the stack's first name stay when the stack is renamed", async () => {
  const olds = { ...marker("shop"), uid: "u" };
  expect(await clusterMarker.diff("shop", olds, { ...marker("shop"), stack: "shop/renamed" })).toMatchObject({
    changes: false,
  });
  const moved = { ...marker("shop"), stack: "shop/renamed", engine: "tcp://10.0.0.1:2376" };
  expect((await clusterMarker.update("shop", olds, moved)).outs).toEqual({ ...moved, stack: "shop/dev", uid: "u" });
});

test("another cluster of the same name is refused before anything is created", async () => {
  findNamesake.mockResolvedValue({ what: "container shop-m1", whose: 'of cluster "shop" of stack shop/prod' });
  await expect(clusterMarker.create(marker("shop"))).rejects.toThrow(
    'a cluster of this name already exists: container shop-m1 is of cluster "shop" of stack shop/prod',
  );
});
