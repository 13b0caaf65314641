import { during, expectHitless, SOON, type UnderFaults } from "../../support/faults/fault-test";
import { beginLong } from "../../support/faults/long-transaction";

/** Planned switchovers: clients may only wait, and no transaction fails. */
export function testPlannedMoves(shared: () => UnderFaults): void {
  test("a switchover fails no transaction", async () => {
    const { engine } = shared().cluster;
    const before = await engine.leader();
    const report = await during(shared(), "switchover", async () => {
      await engine.exec(before, "pgharbor-patroni", "switchover");
    });
    expect(await engine.leader()).not.toBe(before);
    expectHitless(report);
  });

  test("`docker stop` of the primary fails no transaction, even if it takes seconds, and the member returns as a replica", async () => {
    const { engine } = shared().cluster;
    const before = await engine.leader();
    const report = await during(shared(), "docker stop of the primary", async () => {
      const container = engine.docker.getContainer(before);
      const { committed } = await beginLong(shared().cluster.connection());
      await container.stop();
      await committed;
      await shared().writers.untilWriting(SOON);
      await container.start();
    });
    expect(await engine.leader()).not.toBe(before);
    expectHitless(report);
  });
}
