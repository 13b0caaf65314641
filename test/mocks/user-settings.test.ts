import { desiredRole } from "../../packages/pgharbor/src/components/user-settings";

test("who is not pooled is a member of the role that poolers leave out, besides the roles of its own", () => {
  expect(desiredRole("app", { pooled: false })).toEqual({ name: "app", memberships: [{ role: "pgharbor_unpooled" }] });
  expect(desiredRole("app", { pooled: false, roles: [{ name: "readers", admin: true }] })).toEqual({
    name: "app",
    memberships: [{ role: "readers", admin: true }, { role: "pgharbor_unpooled" }],
  });
});

test.each([undefined, true])("with pooled %p, memberships that were not given stay unmanaged", (pooled) => {
  expect(desiredRole("app", { pooled })).toEqual({ name: "app" });
});
