import { setTimeout as sleep } from "node:timers/promises";
import { AFTER_LEASE, during, expectHitless, SOON, TTL, type UnderFaults } from "../../support/faults/fault-test";
import { killContainer, processesOfPod, readFrom } from "../../support/kubernetes/container-processes";
import type { KubernetesFaultCluster } from "../../support/kubernetes/fault-cluster";

/** The duration is longer than the liveness probe tolerates a stuck Patroni: 60 s more than twice the lease. */
const RECOVERY_SECONDS = 60 + 2 * TTL + 20;
const TRIES = 5;

/** A Postgres in a very long recovery must not be stopped. */
export function testLongRecovery(shared: () => UnderFaults<KubernetesFaultCluster>): void {
  const engine = () => shared().cluster.engine;

  test("a recovery that takes longer than the probes' limits is not stopped", async () => {
    const { Member: standby } = (await engine().members()).find(({ Role }) => Role !== "Leader")!;
    const report = await during(shared(), `a standby that recovers for ${RECOVERY_SECONDS} s`, async () => {
      const startup = await heldInRecovery(standby);
      try {
        const before = await life(standby);
        for (const until = Date.now() + RECOVERY_SECONDS * 1000; Date.now() < until; await sleep(5_000))
          expect(await readiness(standby)).toContain("rejecting connections");
        expect(await life(standby)).toBe(before);
      } finally {
        process.kill(startup, "SIGCONT");
      }
    });
    expectHitless(report);
  });

  /** pg_isready's exit code repeats this answer, and would make the command fail. */
  const readiness = (pod: string): Promise<string> =>
    engine()
      .exec(pod, "sh", "-c", "pg_isready -h /run/postgresql; true")
      .catch((error: Error) => error.message);
  const life = async (pod: string): Promise<string> => (await engine().lives())[pod];

  /** Stops the process that replays WAL before the end. Sometimes the replay ends too early for the test. */
  async function heldInRecovery(pod: string): Promise<number> {
    const uid = await engine().uidOf(pod);
    for (let tried = 1; tried <= TRIES; tried++) {
      const former = startupOf(uid);
      killContainer(await engine().containerId(pod));
      const pid = await untilStartup(uid, former);
      process.kill(pid, "SIGSTOP");
      for (const until = Date.now() + SOON * 1000; Date.now() < until; await sleep(500)) {
        const answer = await readiness(pod);
        if (answer.includes("rejecting connections")) return pid;
        if (answer.includes("accepting connections")) break;
      }
      process.kill(pid, "SIGCONT");
    }
    throw new Error(`${pod}: its recovery was over before it could be held, ${TRIES} times`);
  }

  async function untilStartup(uid: string, former: number | undefined): Promise<number> {
    for (const until = Date.now() + AFTER_LEASE * 1000; Date.now() < until; await sleep(1)) {
      const pid = startupOf(uid);
      if (pid !== undefined && pid !== former) return pid;
    }
    throw new Error(`no Postgres recovers within ${AFTER_LEASE} s`);
  }

  const startupOf = (uid: string): number | undefined =>
    processesOfPod(uid).find((pid) => /^postgres: .*\bstartup\b/.test(readFrom(`/proc/${pid}/cmdline`)));
}
