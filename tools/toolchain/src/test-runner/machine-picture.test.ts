import { differences } from "./machine-picture";

test("a difference lists additions and removals by aspect", () => {
  expect(differences({ routes: ["a", "b"], mounts: [] }, { routes: ["b", "c"], mounts: ["/x tmpfs"] })).toEqual([
    "routes: there is now c",
    "routes: there is no more a",
    "mounts: there is now /x tmpfs",
  ]);
});
