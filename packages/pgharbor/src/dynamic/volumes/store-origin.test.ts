import { seedOf } from "./store-origin";

test("a store that is created again names the database and waits for every member with data before one leads", () => {
  const seed = seedOf({ system: "7400000000000000001", members: ["m1", "m2", "m3"] });
  expect(seed.initialize).toBe("7400000000000000001");
  expect(JSON.parse(seed.sync)).toEqual({ leader: "-", sync_standby: "m1,m2,m3", quorum: 2 });
});

test("the only member with data may lead at once, and no other may", () => {
  const seed = seedOf({ system: "7400000000000000001", members: ["m2"] });
  expect(JSON.parse(seed.sync)).toEqual({ leader: "m2", sync_standby: null, quorum: 0 });
});
