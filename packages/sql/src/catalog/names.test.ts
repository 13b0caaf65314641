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

describe("what the catalog is asked for", () => {
  const doc = {
    users: { a: {}, b: {} },
    databases: { shop: { schemas: [{ name: "app" }], extensions: [{ name: "vector" }] } },
    grants: {
      a: read("a"),
      b: read("b"),
      p: { role: "a", on: "parameter" as const, name: "Log_Statement", privileges: ["SET"] },
    },
  };

  it("has each thing once, however many grants name it and in how many documents", () => {
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

  it("leaves databases alone that nothing is declared in", () => {
    expect(worksInside("shop", [doc])).toBe(true);
    expect(worksInside("other", [doc])).toBe(false);
    expect(worksInside("shop", [{ databases: { shop: { owner: "a" } } }])).toBe(false);
  });
});
