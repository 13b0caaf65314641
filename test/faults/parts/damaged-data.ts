import { eventually } from "../../support/eventually";
import { AFTER_LEASE, during, REBUILD_AFTER, SOON, TTL, type UnderFaults } from "../../support/faults/fault-test";

/**
 * Files are removed below a running Postgres. Processes with open files continue, and so does Patroni's own connection.
 */
export function testDamagedData(shared: () => UnderFaults): void {
  test("a primary whose files are removed is replaced by another member and rebuilt automatically", async () => {
    const { cluster } = shared();
    const { engine } = cluster;
    await cluster.change({ haTimings: { rebuildAfter: REBUILD_AFTER } });
    const damaged = await engine.leader();
    const since = Math.floor(Date.now() / 1000);

    await during(shared(), "the primary's files are removed", async () => {
      await engine.exec(damaged, "sh", "-c", "rm -rf /var/lib/postgresql/data/pgdata/base");
      // Patroni gives up after twice the lease, and looks for the damage every half minute.
      await eventually(async () => expect(await engine.leader()).not.toBe(damaged), 3 * TTL + AFTER_LEASE);
      await shared().writers.untilWriting(AFTER_LEASE);
    });
    await eventually(async () => {
      expect(await engine.log(damaged, since)).toMatch(
        /leads and has answered nobody for \d+ s: its Postgres is ended[^]*it is made anew from m\d/,
      );
    }, SOON);
    await cluster.expectNoChanges();
  });
}
