import { setTimeout as sleep } from "node:timers/promises";
import {
  OWNER_PASSWORD,
  PASSWORDS,
  secretOf,
  type BroughtCluster,
  type Secrets,
} from "../../support/kubernetes/brought-cluster";

/** Passwords that the user keeps in Secrets, and the Secrets that bindings create in another namespace. */
export function testExistingPasswords(shared: () => BroughtCluster): void {
  test("a client connects with only a binding's Secret", async () => {
    const { kubernetes, apps } = shared();
    const who = "select current_user, current_database(), pg_is_in_recovery()";
    expect(await shared().psql("db", who)).toBe("owner|app|f");
    expect(await shared().psql("audit", "select current_user, current_database()")).toBe("owner|app");
    // A library would build the string from the entries in this way.
    const parts = ["host", "port", "user:username", "dbname:database", "password", "sslmode"].map((part) => {
      const [key, file = key] = part.split(":");
      return `${key}=$(cat /bindings/db/${file})`;
    });
    const uri = `${parts.join(" ")} sslrootcert=/bindings/db/$(cat /bindings/db/sslrootcert)`;
    expect(await shared().psql("db", "select 1", uri)).toBe("1");
    const { items } = await kubernetes.get<Secrets>(["secrets", "-n", apps]);
    expect(items.map((secret) => `${secret.metadata.name} ${secret.type}`).sort()).toEqual([
      "app-audit servicebinding.io/postgresql",
      "app-db servicebinding.io/postgresql",
    ]);
  });

  test("passwords and keys are only in Secrets and, encrypted, in the state", async () => {
    const { project, kubernetes, namespace } = shared();
    const state = await project.export();
    const preview = (await project.preview("--diff")).stdout;
    const objects = "pods,statefulsets,deployments,configmaps,certificates,services";
    const shown = await kubernetes.kubectl(["-n", namespace, "get", objects, "-o", "yaml"]);
    for (const password of [...Object.values(PASSWORDS), OWNER_PASSWORD, "PRIVATE KEY"])
      expect([state, preview, shown].filter((text) => text.includes(password))).toEqual([]);
  });

  test("the next update applies new passwords from the Secrets, and no pod restarts for it", async () => {
    const { project, kubernetes, namespace, apps } = shared();
    const before = await shared().lives();
    await shared().apply(
      secretOf(namespace, "shop-own-roles", {
        replication: "replicates-now",
        admin: "administers-now",
        rest: "rests-now",
      }),
      secretOf(namespace, "owner-login", { password: "owns-it-now" }),
    );
    expect((await project.previewJson()).changeSummary.update).toBeGreaterThan(0);
    await project.up();
    await project.expectNoChanges();
    // The binding's Secret has changed. A running pod sees the change within about a minute.
    const { uri } = (await shared().decoded(apps, "app-db")) as { uri: string };
    expect(uri).toContain("owns-it-now");
    expect(await shared().psql("db", "select current_user", uri)).toBe("owner");
    const old = uri.replace("owns-it-now", OWNER_PASSWORD);
    await expect(shared().psql("db", "select 1", old)).rejects.toThrow(/password authentication failed|SASL/);
    await streams();
    // A replica that restarts needs the new password.
    await kubernetes.kubectl(["-n", namespace, "delete", "pod", await shared().podOf("replica")]);
    await streams();
    const files = await shared().inMember("shop-m1-0", "cat /etc/pgharbor/current/patroni/00-member.yml");
    expect(files).toContain("replicates-now");
    expect(files).toContain("rests-now");
    const after = await shared().lives();
    expect(Object.keys(after).filter((pod) => before[pod] === after[pod]).length).toBeGreaterThanOrEqual(3);
  });

  async function streams(): Promise<void> {
    const sql = "select count(*) from pg_stat_replication where state = 'streaming'";
    const deadline = Date.now() + 90_000;
    for (let seen = ""; ;) {
      try {
        const primary = await shared().podOf("primary");
        seen = await shared().inMember(primary, `psql -XAt -h /run/postgresql -U postgres -c "${sql}"`);
      } catch (error) {
        seen = (error as Error).message;
      }
      if (seen.trim() === "1") return;
      if (Date.now() > deadline) throw new Error(`the replica does not stream: ${seen}`);
      await sleep(1000);
    }
  }
}
