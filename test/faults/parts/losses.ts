import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../support/eventually";
import type { Samples } from "../../support/member-sampler";
import { sayReport } from "../../support/writers";
import { AFTER_LEASE, during, expectHitless, SOON, type UnderFaults } from "../../support/faults/fault-test";
import { formerWorkers, reloadHaproxy } from "../../support/faults/haproxy-reload";
import { expectOnePrimary, sampledDuring } from "../../support/faults/sampled";

/** Unplanned faults: open transactions may fail, acknowledged ones may not be lost, and service resumes automatically. */
export function testLosses(shared: () => UnderFaults): void {
  const kill9 = (container: string, pidFile: string): Promise<string> =>
    shared().cluster.engine.exec(container, "sh", "-c", `kill -9 "$(head -n 1 ${pidFile})"`);

  /**
   * Kills the container's main program. The command may end with the container, before the engine can report how it
   * ended.
   */
  const killProgram = async (container: string): Promise<void> => {
    const { engine } = shared().cluster;
    const { [container]: before } = await engine.lives();
    await kill9(container, "/run/pgharbor/program.pid").catch(() => undefined);
    await eventually(async () => expect((await engine.lives())[container]).not.toBe(before), SOON);
  };

  test("a killed postmaster: another member takes over", async () => {
    const { engine } = shared().cluster;
    const before = await engine.leader();
    const report = await during(shared(), "kill -9 of the postmaster", async () => {
      await kill9(before, "/var/lib/postgresql/data/pgdata/postmaster.pid");
      await sleep(1000);
    });
    expect(report.longestGapSeconds).toBeLessThan(SOON);
  });

  test("a lost node: another member takes over when the lease ends, and there are never two primaries", async () => {
    const before = await shared().cluster.engine.leader();
    // A container that is killed through the API stays down, because no restart policy applies. A lost node looks the
    // same.
    const container = shared().cluster.engine.docker.getContainer(before);
    const { samples, report } = await sampledDuring(shared(), "docker kill of the primary", async () => {
      await container.kill();
      await shared().writers.untilWriting(AFTER_LEASE);
      await container.start();
    });
    expect(report.longestGapSeconds).toBeLessThan(AFTER_LEASE);
    expectOneMove(samples, before);
  });

  /** The clients' wait while the primary was frozen, for comparison with a later loss of the same kind. */
  let frozenGap: number | undefined;

  test("a primary that freezes and thaws after another took over acknowledges no write and delays no client", async () => {
    const before = await shared().cluster.engine.leader();
    const { samples, report } = await sampledDuring(shared(), "the frozen primary thaws", async () => {
      frozenGap = await freezeAndThaw(before);
    });
    expectOneMove(samples, before);
    // The old primary's hook must not pause poolers, which belong to the new primary by now.
    expectHitless(report);
    expect(report.longestGapSeconds).toBeLessThan(frozenGap! / 2);
  });

  test("sessions from before a reload of HAProxy are cut, too, when the primary freezes", async () => {
    const { engine, name } = shared().cluster;
    const haproxy = (script: string) => engine.exec(`${name}-haproxy-1`, "sh", "-euc", script);
    const before = await engine.leader();
    await reloadHaproxy(haproxy);
    expect(await formerWorkers(haproxy)).toBeGreaterThan(0);
    let gap = Infinity;
    const report = await during(shared(), "the primary that froze after a reload thaws", async () => {
      gap = await freezeAndThaw(before);
    });
    expectHitless(report);
    expect(gap).toBeLessThan(1.75 * (frozenGap ?? AFTER_LEASE));
  });

  /**
   * Freezes a member until clients write again. The next report covers what follows.
   * @returns how long they waited
   */
  async function freezeAndThaw(member: string): Promise<number> {
    const { cluster, writers } = shared();
    const container = cluster.engine.docker.getContainer(member);
    // A busy kernel may fail to freeze all of the container's processes at once.
    await eventually(() => container.pause(), SOON);
    try {
      await writers.untilWriting(AFTER_LEASE);
      const report = await writers.report();
      sayReport("freeze of the primary", report);
      expect(report.lost).toEqual([]);
      expect(report.longestGapSeconds).toBeLessThan(AFTER_LEASE);
      return report.longestGapSeconds;
    } finally {
      await container.unpause();
    }
  }

  function expectOneMove(samples: Samples, before: string): void {
    expect(samples.writable).toHaveLength(2);
    expect(samples.writable[0]).toBe(before);
    expectOnePrimary(samples);
  }

  for (const [program, container] of [
    ["PgBouncer", "pooler-1-primary"],
    ["HAProxy", "haproxy-1"],
  ] as const) {
    test(`a killed ${program} is restarted`, async () => {
      const report = await during(shared(), `kill -9 of ${program}`, async () => {
        await killProgram(`${shared().cluster.name}-${container}`);
      });
      expect(report.longestGapSeconds).toBeLessThan(SOON);
    });
  }

  test("without the store the primary continues, because every member answers it", async () => {
    const { engine, name } = shared().cluster;
    const before = await engine.leader();
    const report = await during(shared(), "etcd stopped for 30 s", async () => {
      const etcd = engine.docker.getContainer(`${name}-etcd-1`);
      await etcd.stop();
      await sleep(30_000).finally(() => etcd.start());
    });
    expect(await engine.leader()).toBe(before);
    expectHitless(report);
  });

  test("poolers resume by themselves if the program that paused them died", async () => {
    const { engine, name } = shared().cluster;
    const deadline = Number(
      await engine.exec(`${name}-pooler-1-primary`, "cat", "/etc/pgharbor/current/resume-deadline"),
    );
    const report = await during(shared(), "poolers paused by a hook that died", async () => {
      // Runs Patroni's own hook; nothing resumes the poolers after it.
      await engine.exec(await engine.leader(), "pgharbor-before-stop");
      await shared().writers.untilWriting(2 * deadline);
    });
    expect(report.longestGapSeconds).toBeGreaterThan(deadline / 2);
    expect(report.longestGapSeconds).toBeLessThan(2 * deadline);
    expectHitless(report);
  });
}
