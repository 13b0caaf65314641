import { during, expectHitless, timeline, type UnderFaults } from "../../support/faults/fault-test";
import { withClient } from "../../support/connect";

/** Changes by `pulumi up` to a cluster in use. */
export function testRollingChanges(shared: () => UnderFaults): void {
  test("a new image is rolled out one member at a time, the primary last", async () => {
    const { cluster } = shared();
    const image = await cluster.relabelledImage();
    // An update waits until the member is back. After a creation, the next member would be replaced too early.
    expect(await cluster.previewOfMemberFiles({ postgresImage: image })).toEqual({
      [`${cluster.name}-m1-files`]: "update",
      [`${cluster.name}-m2-files`]: "update",
      [`${cluster.name}-m3-files`]: "update",
    });
    const [lives, since] = [await cluster.engine.lives(), await timeline(cluster)];
    let moves = 0;
    const report = await during(
      shared(),
      "another image of the members",
      async () => {
        await cluster.change({ postgresImage: image });
        moves = (await timeline(cluster)) - since;
      },
      { more: () => `, the primary moved ${moves} times` },
    );
    expect(replacedSince(lives, await cluster.engine.lives())).toEqual(["m1", "m2", "m3"]);
    expect(moves).toBeLessThanOrEqual(2);
    expectHitless(report);
    await cluster.expectNoChanges();
  });

  test("a parameter that needs a restart", async () => {
    const { cluster } = shared();
    const lives = await cluster.engine.lives();
    const report = await during(shared(), "max_connections raised", () =>
      cluster.change({ parameters: { max_connections: "160" } }),
    );
    const { direct, ca } = cluster.connection();
    const { rows } = await withClient(direct, ca, (c) => c.query<object>("show max_connections"));
    expect(rows).toEqual([{ max_connections: "160" }]);
    expect(await cluster.engine.lives()).toEqual(lives);
    expectHitless(report);
  });

  test("adding and removing a member changes no other container", async () => {
    const { cluster } = shared();
    const lives = await cluster.engine.lives();
    const leader = await cluster.engine.leader();
    const m4 = `${cluster.name}-m4`;
    const more = await during(shared(), "from 3 members to 4", () => cluster.change({ members: 4 }), { after: 4 });
    const { [m4]: added, ...others } = await cluster.engine.lives();
    expect(added).toBeDefined();
    expect(others).toEqual(lives);
    expectHitless(more);

    const less = await during(shared(), "from 4 members to 3", () => cluster.change({ members: 3 }), { before: 4 });
    expect(await cluster.engine.lives()).toEqual(lives);
    expect(await slots()).toEqual(["m1", "m2", "m3"].filter((member) => `${cluster.name}-${member}` !== leader));
    expectHitless(less);
    await cluster.expectNoChanges();
  });

  /** The leader's replication slots: one for each member that streams from it. */
  async function slots(): Promise<string[]> {
    const { engine } = shared().cluster;
    const query = "select slot_name from pg_replication_slots order by 1";
    const text = await engine.psql(await engine.leader(), query);
    return text.split("\n").filter((line) => line !== "");
  }

  const replacedSince = (before: Record<string, string>, now: Record<string, string>): string[] =>
    Object.keys(now)
      .filter((name) => now[name] !== before[name])
      .map((name) => name.slice(shared().cluster.name.length + 1))
      .sort();
}
