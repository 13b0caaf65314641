import { badClusters, badDatabases, badUsers } from "../../../../test/support/bad-programs";
import { goodClusters } from "../../../../test/support/good-programs";
import type { ClusterSpec, DatabaseSpec, UserSpec } from "../spec";
import { checkCluster } from "./check-cluster";
import { checkDatabase } from "./sql/database";
import { checkUser } from "./sql/user";

describe("a bad program gets exactly the expected problems", () => {
  test.each(badClusters)("cluster: $name", ({ cluster, spec, problems }) => {
    expect(checkCluster(cluster ?? "shop", spec as ClusterSpec).problems).toEqual(problems);
  });
  test.each(badUsers)("user: $name", ({ spec, password, problems }) => {
    expect(checkUser(spec as UserSpec, password as string)).toEqual(problems);
  });
  test.each(badDatabases)("database: $name", ({ spec, declaredUsers, problems }) => {
    expect(checkDatabase(spec as DatabaseSpec, declaredUsers)).toEqual(problems);
  });

  test("each has a problem, and a name that no other has", () => {
    for (const table of [badClusters, badUsers, badDatabases]) {
      expect(new Set(table.map((bad) => bad.name)).size).toBe(table.length);
      expect(table.filter((bad) => bad.problems.length === 0)).toEqual([]);
    }
  });

  test("every argument of a cluster is wrong in one of them", () => {
    const [{ message }] = checkCluster("shop", { nothing: true } as ClusterSpec).problems.filter(
      ({ path }) => path === "nothing",
    );
    const fields = message.replace(/^.*Fields here are |^.*fields here are /, "").split(", ");
    const wrong = new Set(badClusters.flatMap(({ problems }) => problems.map(({ path }) => path.split(/[.[]/)[0])));
    expect(fields.filter((field) => !wrong.has(field))).toEqual([]);
  });

  test("no message has two lines, is too long, or shows a password", () => {
    const all = [...badClusters, ...badUsers, ...badDatabases].flatMap((bad) => bad.problems);
    for (const { path, message } of all) {
      expect(path + message).toMatch(/^[\x20-\x7e\u00a1-\u1fff–×]*$/);
      expect(path.length + message.length).toBeLessThan(500);
      expect(message).not.toMatch(/geheim|1234567/);
    }
  });
});

test.each(goodClusters)("a good program passes: $name", ({ cluster, spec, warnings }) => {
  const checked = checkCluster(cluster ?? "shop", spec as ClusterSpec);
  expect(checked.problems).toEqual([]);
  expect(checked.warnings).toEqual(warnings ?? []);
});

test("a good user and a good database pass", () => {
  const user: UserSpec = {
    username: "app$1",
    expireAt: "2028-02-29",
    connlimit: -1,
    roles: [{ name: "pg_monitor", admin: true }, { name: "dbrole_readonly" }],
    parameters: { search_path: '"$user", public', "my.secret": "x" },
    pooled: false,
    comment: "two\nlines",
  };
  expect(checkUser(user, "ä".repeat(99))).toEqual([]);
  const database: DatabaseSpec = {
    name: "shop",
    owner: "app",
    localeProvider: "icu",
    icuLocale: "de-DE",
    template: "template0",
    encoding: "utf-8",
    locale: "C",
    lcCollate: "C",
    schemas: [{ name: "sales", owner: "app" }],
    extensions: [{ name: "uuid-ossp", schema: "sales", version: "1.1" }],
  };
  expect(checkDatabase(database, ["app"])).toEqual([]);
  expect(checkDatabase({ name: "shop", owner: "pgharbor_admin" }, ["app", "pgharbor_admin"])).toEqual([]);
  expect(checkDatabase({ name: "shop", owner: "postgres" })).toEqual([]);
  expect(checkUser({ username: "app", adopt: true } as UserSpec)).toEqual([]);
});
