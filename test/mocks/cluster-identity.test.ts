import { clusterIdentity } from "../../packages/pgharbor/src/dynamic/guards/cluster-identity";

const identity = { cluster: "shop", postgresVersion: "17", disk: "20GB", etcdMembers: 1 };
const failures = async (olds: object, news: object) =>
  (await clusterIdentity.check!(olds as typeof identity, { ...identity, ...news })).failures;

test("a new cluster passes, and so does one that is unchanged or grows", async () => {
  expect(await failures({}, {})).toEqual([]);
  expect(await failures(identity, {})).toEqual([]);
  expect(await failures(identity, { disk: "1TB" })).toEqual([]);
});

test("a larger disk is one change, and is recorded", async () => {
  const larger = { ...identity, disk: "1TB" };
  expect(await clusterIdentity.diff("shop", identity, larger)).toEqual({ changes: true });
  const { outs } = await clusterIdentity.update("shop", identity, larger);
  expect(await clusterIdentity.diff("shop", outs!, larger)).toEqual({ changes: false });
});

test("all changes that a running cluster does not allow fail in its preview, together", async () => {
  expect(await failures(identity, { postgresVersion: "15", disk: "10GB", etcdMembers: 3 })).toEqual([
    {
      property: "postgresVersion",
      reason: 'cannot change from "17", got "15"; create a new cluster and move the data to it',
    },
    { property: "resources.disk", reason: 'cannot shrink from "20GB", got "10GB"; keep it or grow it' },
    {
      property: "docker.etcdMembers",
      reason: "cannot change from 1, got 3: a running etcd keeps its members; create a new cluster",
    },
  ]);
});
