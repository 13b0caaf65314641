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
  it("returns matching fields in the declaration's spelling", () => {
    const declared = {
      name: "a",
      login: false,
      connlimit: 3,
      validUntil: "2027-01-31",
      comment: "there",
      parameters: { Work_Mem: "9MB", search_path: ["app", "public"] },
      memberships: [{ role: "g" }],
    };
    const rows = [{ role: "g", member: "a", grantor: "x", admin: false, inherit: true, set: true, reachable: true }];
    expect(readRoleAs(declared, found, rows)).toEqual(declared);
  });

  it("returns the actual value of declared fields that differ", () => {
    const declared = {
      name: "a",
      login: true,
      validUntil: null,
      parameters: { work_mem: "8MB", search_path: "x", gone: "1" },
      memberships: [{ role: "g" }, { role: "h" }],
    };
    const rows = [{ role: "g", member: "a", grantor: "x", admin: true, inherit: true, set: true, reachable: true }];
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
  it("returns fields that differ, and CONNECT of PUBLIC even if it is not declared", () => {
    const declared = {
      name: "d",
      owner: "o",
      encoding: "utf-8",
      locale: "C.UTF-8",
      icuLocale: "de-DE",
      baselineSql: "x",
      schemas: [{ name: "app" }, { name: "gone" }],
      extensions: [{ name: "vector", version: "0.8" }],
    };
    const within = inside([], new Map(), {
      schemas: new Map([["app", { owner: "z" }]]),
      extensions: new Map([["vector", { schema: "public", version: "0.7" }]]),
    });
    const forms = { encodings: new Map([["utf-8", "UTF8"]]), icuLocales: new Map<string, string>() };
    expect(readDatabaseAs(declared, database("d", { publicConnect: true, collate: "C.utf8" }), forms, within)).toEqual({
      name: "d",
      owner: "admin",
      baselineSql: "x",
      encoding: "utf-8",
      locale: "C.UTF-8",
      icuLocale: "",
      revokeConnect: false,
      schemas: [{ name: "app" }],
      extensions: [{ name: "vector", version: "0.7" }],
    });
  });
});
