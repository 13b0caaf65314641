import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../support/eventually";
import { MemberSampler, type Samples } from "../support/member-sampler";
import { AFTER_LEASE, during, expectHitless, SOON, type UnderFaults } from "./fault-test";

/** What nobody asked for: what is under way may fail, nothing that was acknowledged may be lost, and it goes on by itself. */
export function losses(its: () => UnderFaults): void {
  const kill9 = (container: string, pidFile: string): Promise<string> =>
    its().cluster.engine.exec(container, "sh", "-c", `kill -9 "$(head -n 1 ${pidFile})"`);

  /** Kills the program with which its container ends. The command may end with it too, before the engine can tell how. */
  const killProgram = async (container: string): Promise<void> => {
    const { engine } = its().cluster;
    const { [container]: before } = await engine.lives();
    await kill9(container, "/run/pgharbor/program.pid").catch(() => undefined);
    await eventually(async () => expect((await engine.lives())[container]).not.toBe(before), SOON);
  };

  test("a killed postmaster: another member takes over", async () => {
    const { engine } = its().cluster;
    const before = await engine.leader();
    const report = await during(its(), "kill -9 of the postmaster", async () => {
      await kill9(before, "/var/lib/postgresql/data/pgdata/postmaster.pid");
      await sleep(1000);
    });
    expect(report.longestGapSeconds).toBeLessThan(SOON);
  });

  test("a lost node: another member takes over when the lease ends, and never are there two primaries", async () => {
    const before = await its().cluster.engine.leader();
    // Killed by the API, a container stays down: no restart policy brings it back, as with a node that is gone.
    const container = its().cluster.engine.docker.getContainer(before);
    const { samples, gap } = await sampled("docker kill of the primary", async () => {
      await container.kill();
      await its().writers.untilWriting(AFTER_LEASE);
      await container.start();
    });
    expect(gap).toBeLessThan(AFTER_LEASE);
    expectOneMove(samples, before);
  });

  test("a primary that freezes and thaws after another took over: it acknowledges nothing", async () => {
    const before = await its().cluster.engine.leader();
    const container = its().cluster.engine.docker.getContainer(before);
    const { samples } = await sampled("freeze of the primary", async () => {
      await container.pause();
      await its()
        .writers.untilWriting(AFTER_LEASE)
        .finally(() => container.unpause());
    });
    expectOneMove(samples, before);
  });

  async function sampled(event: string, happen: () => Promise<void>): Promise<{ samples: Samples; gap: number }> {
    const { cluster } = its();
    const { direct, ca } = cluster.connection();
    const sampler = await MemberSampler.start({ uri: direct, ca }, await cluster.addresses());
    let samples: Samples | undefined;
    const report = await during(its(), event, happen).finally(async () => (samples = await sampler.stop()));
    return { samples: samples!, gap: report.longestGapSeconds };
  }

  function expectOneMove(samples: Samples, before: string): void {
    process.stderr.write(
      `  ${samples.taken} samples; acknowledged by ${samples.writable.join(", then ")}; ${samples.lost} of theirs lost\n`,
    );
    expect(samples.writable).toHaveLength(2);
    expect(samples.writable[0]).toBe(before);
    expect(samples.lost).toBe(0);
    expect(samples.beside).toEqual([]);
  }

  for (const [program, container] of [
    ["PgBouncer", "pooler-1-primary"],
    ["HAProxy", "haproxy-1"],
  ] as const) {
    test(`a killed ${program} is started again`, async () => {
      const report = await during(its(), `kill -9 of ${program}`, async () => {
        await killProgram(`${its().cluster.name}-${container}`);
      });
      expect(report.longestGapSeconds).toBeLessThan(SOON);
    });
  }

  test("without its store the primary goes on, for every member answers it", async () => {
    const { engine, name } = its().cluster;
    const before = await engine.leader();
    const report = await during(its(), "etcd stopped for 30 s", async () => {
      const etcd = engine.docker.getContainer(`${name}-etcd-1`);
      await etcd.stop();
      await sleep(30_000).finally(() => etcd.start());
    });
    expect(await engine.leader()).toBe(before);
    expectHitless(report);
  });

  test("poolers whose pauser died resume by themselves", async () => {
    const { engine, name } = its().cluster;
    const deadline = Number(
      await engine.exec(`${name}-pooler-1-primary`, "cat", "/etc/pgharbor/current/resume-deadline"),
    );
    const report = await during(its(), "poolers paused by a hook that died", async () => {
      // Patroni's own hook, with nothing after it that would resume.
      await engine.exec(await engine.leader(), "pgharbor-before-stop");
      await its().writers.untilWriting(2 * deadline);
    });
    expect(report.longestGapSeconds).toBeGreaterThan(deadline / 2);
    expect(report.longestGapSeconds).toBeLessThan(2 * deadline);
    expectHitless(report);
  });
}
