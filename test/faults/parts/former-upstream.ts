import { eventually } from "../../support/eventually";
import { AFTER_LEASE, during, expectHitless, SOON, type UnderFaults } from "../../support/faults/fault-test";

const CONFIGURATION = "/var/lib/postgresql/data/pgdata/postgresql.conf";

/** A replica stays connected to a server that is no longer in its configuration, as may happen after a failover. */
export function testFormerUpstream(shared: () => UnderFaults): void {
  test("a replica that streams from a server that left its configuration connects to the configured one", async () => {
    const { cluster } = shared();
    const { engine, name } = cluster;
    const lives = await engine.lives();
    const leader = await engine.leader();
    const [replica, other] = [`${name}-m1`, `${name}-m2`, `${name}-m3`].filter((member) => member !== leader) as [
      string,
      string,
    ];
    const shell = (script: string): Promise<string> => engine.exec(replica, "sh", "-c", script);
    const query = (sql: string): Promise<string> => engine.psql(replica, sql);
    const upstream = () => query("select sender_host from pg_stat_wal_receiver where status = 'streaming'");
    const wanted = await upstream();
    expect(wanted).toBe(leader);
    const startup = await query("select pid from pg_stat_activity where backend_type = 'startup'");
    const patroni = `"$(cat /run/pgharbor/program.pid)"`;

    const report = await during(shared(), "a replica that streams from another than it should", async () => {
      const since = Math.floor(Date.now() / 1000);
      // Otherwise Patroni would correct the configuration before Postgres notices it.
      await shell(`kill -STOP ${patroni}`);
      try {
        await shell(`sed -i '/^primary_conninfo/s/host=${wanted}/host=${other}/' ${CONFIGURATION}`);
        await shell(`sed -i 's/^${wanted}:/${other}:/' /run/postgresql/.pgpass`);
        await query("select pg_reload_conf()");
        await eventually(async () => expect(await upstream()).toBe(other), SOON);
        // This process stops a walreceiver whose configuration has changed.
        await shell(`kill -STOP ${startup}`);
      } finally {
        await shell(`kill -CONT ${patroni}`);
      }
      await eventually(async () => {
        expect(await engine.log(replica, since)).toMatch(
          /though primary_conninfo names .*: its walreceiver is ended, for it to connect anew/,
        );
      }, AFTER_LEASE);
      await shell(`kill -CONT ${startup}`);
      await eventually(async () => expect(await upstream()).toBe(wanted), SOON);
    });
    expectHitless(report);
    expect(await engine.lives()).toEqual(lives);
    await cluster.expectNoChanges();
  });
}
