import { database, inside, role } from "../../../../test/support/sql-catalog";
import { readDatabaseAs, readRoleAs } from "./reading";

describe("readRoleAs", () => {
  const found = role("a", {
    login: false,
    connlimit: 3,
    validUntil: "2027-01-31T00:00:00.000Z",
    comment: "there",
    parameters: { work_mem: "9MB", search_path: "app, public" },
  });
  it("echoes what is as declared, in the declaration's own spelling", () => {
    const declared = {
      name: "a",
      login: false,
      connlimit: 3,
      validUntil: "2027-01-31",
      comment: "there",
      parameters: { Work_Mem: "9MB", search_path: ["app", "public"] },
      memberships: [{ role: "g" }],
    };
    const rows = [{ role: "g", member: "a", grantor: "x", admin: false, inherit: true, set: true }];
    expect(readRoleAs(declared, found, rows)).toEqual(declared);
  });

  it("shows what differs, of declared fields only", () => {
    const declared = {
      name: "a",
      login: true,
      validUntil: null,
      parameters: { work_mem: "8MB", search_path: "x", gone: "1" },
      memberships: [{ role: "g" }, { role: "h" }],
    };
    const rows = [{ role: "g", member: "a", grantor: "x", admin: true, inherit: true, set: true }];
    expect(readRoleAs(declared, found, rows)).toEqual({
      name: "a",
      login: false,
      validUntil: "2027-01-31T00:00:00.000Z",
      parameters: { work_mem: "9MB", search_path: "app, public" },
      memberships: [{ role: "g", admin: true }],
    });
  });
});

describe("readDatabaseAs", () => {
  it("shows what differs, and CONNECT of PUBLIC even where it is not declared", () => {
    const declared = {
      name: "d",
      owner: "o",
      baselineSql: "x",
      schemas: [{ name: "app" }, { name: "gone" }],
      extensions: [{ name: "vector", version: "0.8" }],
    };
    const within = inside([], new Map(), {
      schemas: new Map([["app", { owner: "z" }]]),
      extensions: new Map([["vector", { schema: "public", version: "0.7" }]]),
    });
    expect(readDatabaseAs(declared, database("d", { publicConnect: true }), within)).toEqual({
      name: "d",
      owner: "admin",
      baselineSql: "x",
      revokeConnect: false,
      schemas: [{ name: "app" }],
      extensions: [{ name: "vector", version: "0.7" }],
    });
  });
});
