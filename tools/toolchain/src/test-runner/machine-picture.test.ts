import { differences } from "./machine-picture";

test("what came and what went is told by its aspect", () => {
  expect(differences({ routes: ["a", "b"], mounts: [] }, { routes: ["b", "c"], mounts: ["/x tmpfs"] })).toEqual([
    "routes: there is now c",
    "routes: there is no more a",
    "mounts: there is now /x tmpfs",
  ]);
});
