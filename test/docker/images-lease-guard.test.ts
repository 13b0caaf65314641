import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../support/eventually";
import { ImageContainer } from "../support/image-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(300_000);

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
const ENV = [
  "KUBERNETES_SERVICE_HOST=127.0.0.1",
  "KUBERNETES_SERVICE_PORT=6443",
  "POD_NAME=shop-m1-0",
  "POD_NAMESPACE=ns",
];
const MEGABYTE = 1024; // in the kernel's kB
const LOOK_AGAIN_SECONDS = 5; // the guard's own

interface Request {
  method: string;
  path: string;
  body: unknown;
  Authorization: string;
  "Content-Type": string;
}

/**
 * A container for the pod's network. It serves the API on the loopback, and listens on the ports of Patroni and
 * Postgres.
 */
let pod: ImageContainer;
let guard: ImageContainer;

beforeAll(async () => {
  const certificates = await testCertificates("api", ["127.0.0.1"]);
  pod = await ImageContainer.start({ image: "gateway", program: "sleep infinity" });
  await pod.feed("/tmp/api.py", readFileSync(join(__dirname, "../support/fake-kubernetes-api.py"), "utf8"));
  await pod.feed("/tmp/tls.crt", certificates.cert);
  await pod.feed("/tmp/tls.key", certificates.key);
  guard = await ImageContainer.start({
    image: "postgres",
    program: "pgharbor-lease-guard",
    network: pod,
    env: ENV,
    emptyDirs: [ACCOUNT],
    // The line as pgharbor renders it. The guard reads only this line of the file.
    files: { "patroni/00-member.yml": 'name: "shop-m1-0"\nscope: "shop"\ntags: {}\n' },
  });
  await guard.feed(`${ACCOUNT}/ca.crt`, certificates.ca);
  await guard.feed(`${ACCOUNT}/token`, "token-1\n");
});
afterAll(async () => {
  await guard?.remove();
  await pod?.remove();
});

const startApi = async (): Promise<void> => {
  await pod.exec("sh", "-c", "python3 /tmp/api.py >/tmp/api.log 2>&1 &");
  await pod.until("socat -u OPEN:/dev/null TCP:127.0.0.1:6443");
};
const stopApi = (): Promise<string> => pod.read("sh", "-c", "kill $(cat /tmp/api.pid); rm -f /tmp/api.pid");
const listen = async (port: number): Promise<void> => {
  await pod.exec("sh", "-c", `socat TCP-LISTEN:${port},fork,reuseaddr OPEN:/dev/null & echo $! >/tmp/${port}.pid`);
  await pod.until(`socat -u OPEN:/dev/null TCP:127.0.0.1:${port}`);
};
const killListener = (port: number): Promise<string> => pod.read("sh", "-c", `kill -9 $(cat /tmp/${port}.pid)`);
/** Replaces the lock, and clears the recorded requests. */
const lockNames = async (leader: string): Promise<void> => {
  const annotations = {
    leader,
    ttl: "20",
    renewTime: "2026-11-21T12:00:00+00:00",
    optime: "83886080",
    transitions: "3",
  };
  await pod.read("rm", "-f", "/tmp/requests.log");
  releasesBefore = (await releases()).length;
  await pod.feed("/tmp/lock.json", JSON.stringify({ metadata: { resourceVersion: "7", annotations } }));
};
const annotations = async (): Promise<Record<string, string>> =>
  (JSON.parse(await pod.read("cat", "/tmp/lock.json")) as { metadata: { annotations: Record<string, string> } })
    .metadata.annotations;
const requests = async (): Promise<Request[]> =>
  (await pod.read("sh", "-c", "cat /tmp/requests.log 2>/dev/null || true"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Request);
/** Returns, for each release of the lock that the guard reported, the time without a running server. */
const releases = async (): Promise<number[]> =>
  [...(await guard.logs()).matchAll(/released the leader lock: .* has run for ([\d.]+) s/g)].map((one) =>
    Number(one[1]),
  );
let releasesBefore = 0;
/**
 * Waits until the lock is released.
 * @returns the time without a running server by the guard's own clock, because the test's own clock adds the time of
 * its polling
 */
const released = async (): Promise<number> => {
  await pod.until("! grep -q '\"leader\"' /tmp/lock.json");
  return eventually(async () => {
    const reported = await releases();
    expect(reported).toHaveLength(releasesBefore + 1);
    return reported.at(-1)!;
  });
};
const CANNOT = "cannot look after the leader lock: ConnectionRefusedError";
const complaints = async (): Promise<number> => (await guard.logs()).split(CANNOT).length - 1;

test("waits three seconds if nothing has run yet, then writes what Patroni writes", async () => {
  await listen(8008);
  await startApi();
  await killListener(8008);
  // A new guard has not seen the server run yet. The lock is created after the guard's start, because the old guard
  // would release it at once.
  await guard.restart();
  await lockNames("shop-m1-0");
  expect(await released()).toBeGreaterThanOrEqual(3);
  const { leader, ...others } = await annotations();
  expect(leader).toBeUndefined();
  expect(others).toMatchObject({ optime: "83886080", transitions: "3", ttl: "20" });
  expect((await requests()).slice(-1)).toEqual([
    {
      method: "PATCH",
      path: "/api/v1/namespaces/ns/configmaps/shop-leader",
      Authorization: "Bearer token-1",
      "Content-Type": "application/strategic-merge-patch+json",
      body: { metadata: { resourceVersion: "7", annotations: { leader: null } } },
    },
  ]);
});

test.each([8008, 5432])("sends no request while something listens on port %d", async (port) => {
  await listen(port);
  await sleep(1000);
  await lockNames("shop-m1-0");
  await sleep(4000);
  expect(await requests()).toEqual([]);
  await killListener(port);
  await released();
});

test("releases the lock little more than a second after a running server is gone, even with a new token", async () => {
  await listen(8008);
  await listen(5432);
  await sleep(1000);
  await lockNames("shop-m1-0");
  await guard.feed(`${ACCOUNT}/token`, "token-2\n");
  await killListener(8008);
  await sleep(2000);
  expect(await requests()).toEqual([]);
  await killListener(5432);
  // The guard waits 3 seconds if nothing has run yet.
  expect(await released()).toBeLessThan(3);
  expect(new Set((await requests()).map((one) => one.Authorization))).toEqual(new Set(["Bearer token-2"]));
});

test("leaves another member's lock alone", async () => {
  await listen(5432);
  await sleep(1000);
  await lockNames("shop-m2-0");
  const since = Date.now();
  await killListener(5432);
  await eventually(async () => expect(await requests()).not.toEqual([]));
  await sleep(4000);
  expect((await annotations()).leader).toBe("shop-m2-0");
  const methods = (await requests()).map((one) => one.method);
  expect(new Set(methods)).toEqual(new Set(["GET"]));
  // The guard knows by now that the lock belongs to another member, so it does not read it four times a second.
  expect(methods.length).toBeLessThanOrEqual((Date.now() - since) / 1000 / LOOK_AGAIN_SECONDS + 1);
});

test("reads the lock again before the release if it has changed meanwhile", async () => {
  await listen(5432);
  await sleep(1000);
  await lockNames("shop-m1-0");
  await pod.read("touch", "/tmp/conflict");
  await killListener(5432);
  await sleep(3000);
  expect((await annotations()).leader).toBe("shop-m1-0");
  await pod.read("rm", "/tmp/conflict");
  await released();
});

test("without an API server, retries and logs this once", async () => {
  await listen(5432);
  await sleep(1000);
  await lockNames("shop-m1-0");
  const before = await complaints();
  await stopApi();
  await killListener(5432);
  await eventually(async () => expect(await complaints()).toBeGreaterThan(before));
  await sleep(4000);
  expect(await complaints()).toBe(before + 1);
  await startApi();
  await released();
});

test("waits with little memory, and ends at once", async () => {
  await listen(8008);
  await guard.restart();
  await guard.until("grep -q '^Name:.pgharbor-lease' /proc/[0-9]*/status");
  await sleep(1000);
  const resident = await guard.read("sh", "-c", "grep -h VmRSS $(grep -l '^Name:.pgharbor-lease' /proc/[0-9]*/status)");
  const kilobytes = Number(/\d+/.exec(resident)?.[0]);
  process.stderr.write(`  the lease guard's resident memory: ${kilobytes} kB\n`);
  expect(kilobytes).toBeLessThan(16 * MEGABYTE);
  // A guard that ignored the signal would use the whole grace period of 30 s.
  expect(await guard.restart()).toBeLessThan(15_000);
});
