import { ports } from "@pgharbor/core";
import { Attacker } from "../support/attacker";
import { DockerCluster } from "../support/docker-cluster";
import { images } from "../support/pinned-images";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const NAME = "ttrust";
const PROGRAM = `
  import { PostgresCluster } from "pgharbor";
  export const { status } = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "17", members: 3, deletionProtection: false,
  });
`;
const ETCD = `${NAME}-etcd-1`;
const MEMBERS = ["m1", "m2", "m3"].map((member) => `${NAME}-${member}`);
const POOLER = `${NAME}-pooler-1-primary`;
const HAPROXY = `${NAME}-haproxy-1`;

/** Requests that could take over a store without certificates, and other requests that such a store answers. */
const STORE_REQUESTS: [method: string, path: string, body?: object][] = [
  ["POST", "/v3/maintenance/alarm", { action: "ACTIVATE", memberID: "0", alarm: "NOSPACE" }],
  ["POST", "/v3/auth/disable", {}],
  ["POST", "/v3/auth/status", {}],
  ["POST", "/v3/auth/authenticate", { name: "root", password: "guess" }],
  ["POST", "/v3/kv/put", { key: "L3NlcnZpY2UveA==", value: "eA==" }],
  ["POST", "/v3/kv/range", { key: "AA==", range_end: "AA==" }],
  ["POST", "/v3/cluster/member/list", {}],
  ["POST", "/v3/lease/grant", { TTL: 60 }],
  ["POST", "/v3/maintenance/snapshot", {}],
  ...["/health", "/metrics", "/version", "/debug/vars", "/debug/requests", "/debug/pprof/"].map(
    (path): [string, string] => ["GET", path],
  ),
];
const REST_REQUESTS: [method: string, path: string, body?: object][] = [
  ...["/config", "/cluster", "/history", "/patroni", "/metrics", "/primary"].map((path): [string, string] => [
    "GET",
    path,
  ]),
  ["PATCH", "/config", { postgresql: { pg_hba: ["host all all all trust"] } }],
  ["POST", "/switchover", { leader: "m1" }],
  ["POST", "/restart", {}],
];

let project: PulumiProject;
let cluster: DockerCluster;
let outside: Attacker;
let inside: Attacker;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: PROGRAM });
  await project.up();
  const image = images.etcd;
  outside = await Attacker.on(cluster.docker, [NAME], image);
  const all = [...MEMBERS, ETCD, HAPROXY];
  inside = await Attacker.on(cluster.docker, [...new Set((await Promise.all(all.map(networksOf))).flat())], image);
});

afterAll(async () => {
  await outside?.remove();
  await inside?.remove();
  await project?.remove();
});

const addressesIn = async (container: string) => {
  const { NetworkSettings } = await cluster.docker.getContainer(container).inspect();
  return Object.entries(NetworkSettings.Networks).map(([network, settings]) => ({
    network,
    address: settings.IPAddress,
  }));
};
const networksOf = async (container: string): Promise<string[]> =>
  (await addressesIn(container)).map(({ network }) => network);

/** Returns the given ports on each of the container's addresses. */
const at = async (container: string, ...list: number[]): Promise<string[]> =>
  (await addressesIn(container)).flatMap(({ address }) => list.map((port) => `${address}:${port}`));

/** Copies a certificate and its key from a container. @returns the common path of the two files */
async function steal(container: string, certificate: string, key: string): Promise<string> {
  const identity = `/tmp/${container}-${certificate.replace(/\W/g, "-")}`;
  const read = (file: string) => cluster.exec(container, "cat", `/etc/pgharbor/current/${file}`);
  await inside.feed(`${identity}.crt`, await read(certificate));
  await inside.feed(`${identity}.key`, await read(key));
  return identity;
}

const nobody = (): Promise<undefined> => Promise.resolve(undefined);
const pooler = () => steal(POOLER, "tls.crt", "tls.key");
const haproxy = () => steal(HAPROXY, "check.pem", "check.pem");

const { postgres, patroni, etcdClient, etcdPeer } = ports;

test("on the cluster's network there are gateways, and nothing else", async () => {
  expect(await outside.open([`${HAPROXY}:${ports.service.default}`, `${POOLER}:${ports.pgbouncer}`])).toHaveLength(2);
  const closed = await Promise.all([
    ...MEMBERS.map((member) => at(member, postgres, patroni)),
    at(ETCD, etcdClient, etcdPeer, 2381),
    // Address rules do not apply to the requests of hooks.
    at(HAPROXY, ports.primaryCheck),
  ]);
  expect(await outside.open(closed.flat())).toEqual([]);
  expect(await outside.resolved([...MEMBERS, ETCD])).toEqual([]);
});

test("etcd is where members are, and gateways are not", async () => {
  const [store, ...others] = await networksOf(ETCD);
  expect(others).toEqual([]);
  const { Containers } = (await cluster.docker.getNetwork(store).inspect()) as {
    Containers: Record<string, { Name: string }>;
  };
  const names = Object.values(Containers).map(({ Name }) => Name);
  expect(names.filter((name) => name.startsWith(NAME)).sort()).toEqual([ETCD, ...MEMBERS]);
});

test("etcd refuses clients on every network of the cluster without a member's certificate", async () => {
  const tries = [nobody, pooler, haproxy];
  for (const identityOf of tries) {
    const identity = await identityOf();
    for (const [method, path, body] of STORE_REQUESTS)
      expect([
        identity,
        path,
        await inside.status(method, `https://${ETCD}:${etcdClient}${path}`, { body, identity }),
      ]).toEqual([identity, path, 0]);
  }
  // Only etcd itself is a peer; a member's certificate is valid for clients only.
  const member = await steal(MEMBERS[0], "identity.crt", "identity.key");
  for (const identityOf of [...tries, () => member])
    expect(await inside.status("GET", `https://${ETCD}:${etcdPeer}/members`, { identity: await identityOf() })).toBe(0);
  // The store answers the same requests from a member, and refuses those that a member does not need.
  const ask = (path: string, body?: object) =>
    inside.status(body ? "POST" : "GET", `https://${ETCD}:${etcdClient}${path}`, { body, identity: member });
  expect(await ask("/version")).toBe(200);
  expect(await ask("/v3/auth/disable", {})).not.toBe(200);
  // etcdctl bypasses the JSON gateway. Without the gateway, etcd would take a common name for a user name; this
  // certificate logs no one in.
  const put = await inside.run(
    `etcdctl --endpoints=https://${ETCD}:${etcdClient} --insecure-skip-tls-verify ` +
      `--cert=${member}.crt --key=${member}.key put /service/x y 2>&1`,
  );
  expect(put.stdout).toContain("permission denied");
});

test("Patroni refuses them, too, and HAProxy's certificate cannot change anything", async () => {
  for (const member of MEMBERS)
    for (const identity of [await nobody(), await pooler()])
      for (const [method, path, body] of REST_REQUESTS)
        expect([
          identity,
          path,
          await inside.status(method, `https://${member}:${patroni}${path}`, { body, identity }),
        ]).toEqual([identity, path, 0]);
  const identity = await haproxy();
  const ask = (method: string, path: string, body?: object) =>
    inside.status(method, `https://${MEMBERS[0]}:${patroni}${path}`, { body, identity });
  expect(await ask("GET", "/health")).toBe(200);
  expect(await ask("PATCH", "/config", { loop_wait: 9 })).toBe(401);
  expect(await ask("POST", "/switchover", { leader: "m1" })).toBe(401);
});

test("the primary moves, planned and not, while somebody tries", async () => {
  const attack = STORE_REQUESTS.map(
    ([method, path, body]) =>
      `curl -sk -o /dev/null --max-time 2 -X ${method} -d '${JSON.stringify(body ?? {})}' https://${ETCD}:${etcdClient}${path}`,
  );
  const going = inside.run(
    `while [ ! -e /tmp/end ]; do ${attack.join("; ")}; date +%s >>/tmp/rounds; done; wc -l </tmp/rounds`,
  );
  const before = await cluster.leader();
  await cluster.exec(before, "pgharbor-patroni", "switchover");
  const after = await cluster.leader();
  expect(after).not.toBe(before);
  await cluster.docker.getContainer(after).kill();
  await cluster.docker.getContainer(after).start();
  const left = MEMBERS.find((member) => member !== after)!;
  await cluster.exec(left, "pgharbor-patroni", "wait", "--members", "3", "--timeout", "240");
  await inside.run("touch /tmp/end");
  expect(Number((await going).stdout)).toBeGreaterThan(0);
});
