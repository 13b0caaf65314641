import { desiredRole } from "../../packages/pgharbor/src/components/user-settings";

const ORDINARY = { superuser: false, createdb: false, createrole: false, replication: false, bypassrls: false };

test("a user that is not pooled is a member of the role that poolers refuse, besides the declared roles", () => {
  expect(desiredRole("app", { pooled: false })).toEqual({
    ...ORDINARY,
    name: "app",
    memberships: [{ role: "pgharbor_unpooled" }],
  });
  expect(desiredRole("app", { pooled: false, roles: [{ name: "readers", admin: true }] })).toEqual({
    ...ORDINARY,
    name: "app",
    memberships: [{ role: "readers", admin: true }, { role: "pgharbor_unpooled" }],
  });
});

test.each([undefined, true])("with pooled %p, memberships stay unmanaged if none are given", (pooled) => {
  expect(desiredRole("app", { pooled })).toEqual({ ...ORDINARY, name: "app" });
});

test("rights above an ordinary user's are always managed, except for an adopted role", () => {
  expect(desiredRole("app", { createdb: true })).toEqual({ ...ORDINARY, createdb: true, name: "app" });
  expect(desiredRole("app", { createdb: undefined })).toEqual({ ...ORDINARY, name: "app" });
  expect(desiredRole("app", { adopt: true })).toEqual({ adopt: true, name: "app" });
});
