import type { Grant } from "../desired/grant";
import { clusterNames, namesInDatabase, worksInside } from "./names";

const read = (role: string): Grant => ({
  role,
  on: "table",
  database: "shop",
  schema: "app",
  name: "t",
  privileges: ["SELECT"],
});

describe("the names read from the catalog", () => {
  const doc = {
    users: { a: {}, b: {} },
    databases: { shop: { schemas: [{ name: "app" }], extensions: [{ name: "vector" }] } },
    grants: {
      a: read("a"),
      b: read("b"),
      p: { role: "a", on: "parameter" as const, name: "Log_Statement", privileges: ["SET"] },
    },
  };

  it("contain each object once, even if several grants or documents name it", () => {
    const names = namesInDatabase("shop", [doc, doc, undefined]);
    expect(names.relations).toEqual([{ schema: "app", name: "t" }]);
    expect([names.schemas, names.extensions, names.grantees]).toEqual([["app"], ["vector"], ["a", "b"]]);
    expect(clusterNames([doc, doc])).toEqual({
      roles: ["a", "b"],
      databases: ["shop"],
      grantees: ["a", "b"],
      tablespaces: [],
      parameters: ["log_statement"],
      encodings: [],
      icuLocales: [],
    });
  });

  it("contain no database without declarations", () => {
    expect(worksInside("shop", [doc])).toBe(true);
    expect(worksInside("other", [doc])).toBe(false);
    expect(worksInside("shop", [{ databases: { shop: { owner: "a" } } }])).toBe(false);
  });
});
