import { eventually } from "../../support/eventually";
import {
  AFTER_LEASE,
  during,
  expectHitless,
  REBUILD_AFTER,
  SOON,
  type UnderFaults,
} from "../../support/faults/fault-test";

/** A replica that can never stream again, and reports nothing. */
export function testStuckReplica(shared: () => UnderFaults): void {
  test("a replica that can never stream again is rebuilt automatically, and clients notice nothing", async () => {
    const { cluster } = shared();
    const { engine, name } = cluster;
    const lives = await engine.lives();
    await cluster.change({ haTimings: { rebuildAfter: REBUILD_AFTER } });
    const leader = await engine.leader();
    const stuck = [`${name}-m1`, `${name}-m2`, `${name}-m3`].find((member) => member !== leader)!;
    const query = (sql: string): Promise<string> => engine.psql(leader, sql);

    const report = await during(shared(), "a replica whose WAL is gone from the primary", async () => {
      const container = engine.docker.getContainer(stuck);
      const since = Math.floor(Date.now() / 1000);
      await container.stop();
      const slot = stuck.slice(name.length + 1);
      const position = await query("select pg_current_wal_lsn()");
      // The slot kept the WAL for the replica. Patroni creates the slot again, at a later position.
      await eventually(async () => {
        await query(`select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${slot}'`);
        for (let i = 0; i < 3; i++) await query("select pg_switch_wal()").then(() => query("checkpoint"));
        expect(await query(`select count(*) from pg_ls_waldir() where name = pg_walfile_name('${position}')`)).toBe(
          "0",
        );
      }, SOON);
      await container.start();
      await eventually(async () => {
        expect(await engine.log(stuck, since)).toMatch(
          /has made no progress for \d+ s: it is made anew from m\d, what it had is deleted/,
        );
      }, AFTER_LEASE);
    });
    expectHitless(report);
    const { [stuck]: _, ...others } = await engine.lives();
    expect(lives).toMatchObject(others);
    await cluster.expectNoChanges();
  });
}
