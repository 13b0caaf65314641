import { newKeys, testAuthority } from "../../../../../test/support/test-certificates";
import { UNKNOWN } from "../provider/handler";
import type { SqlServer } from "./sql-server";
import { isOtherAccess, isOtherServer, stillConnects } from "./connection";

const container = { engine: "", containers: ["shop-haproxy-1"], port: 7033 };
const server: SqlServer = {
  target: "shop",
  host: "default.shop.internal",
  port: 7033,
  username: "pgharbor_admin",
  database: "postgres",
  caCertificate: "a",
  container,
};
const external: SqlServer = { ...server, container: undefined, host: "db.example.com", port: 5432 };

test("a cluster stays the same over any connection; an external server with another address is another server", () => {
  expect(isOtherServer(server, { ...server, port: 5436, container: { ...container, port: 5436 } })).toBe(false);
  expect(isOtherServer(server, { ...server, target: "crm" })).toBe(true);
  expect(isOtherServer(external, { ...external, caCertificate: "b" })).toBe(false);
  expect(isOtherServer(external, { ...external, host: "other.example.com" })).toBe(true);
  expect(isOtherServer(server, UNKNOWN as unknown as SqlServer)).toBe(false);
});

test("a new admin password is a change, and one unknown in a preview is not", () => {
  const access = { server, adminPassword: "one", declaration: "urn" };
  expect(isOtherAccess(access, access)).toBe(false);
  expect(isOtherAccess(access, { ...access, adminPassword: "two" })).toBe(true);
  expect(isOtherAccess(access, { ...access, server: UNKNOWN as never, adminPassword: UNKNOWN })).toBe(false);
});

test("a connection that still works is not a change", () => {
  const more = { ...container, containers: ["shop-haproxy-1", "shop-haproxy-2"] };
  expect(stillConnects(server, { ...server, container: more })).toBe(true);
  expect(stillConnects({ ...server, container: more }, server)).toBe(true);
  expect(stillConnects(server, UNKNOWN as unknown as SqlServer)).toBe(true);
  expect(stillConnects(server, { ...server, container: { ...container, containers: ["shop-haproxy-2"] } })).toBe(false);
  expect(stillConnects(server, { ...server, container: { ...container, engine: "tcp://b:2376" } })).toBe(false);
  expect(stillConnects(server, { ...server, container: { ...container, port: 5436 } })).toBe(false);
  expect(stillConnects(server, { ...server, host: "primary.shop.internal" })).toBe(false);
  expect(stillConnects(server, external)).toBe(false);
});

test("a certificate of a renewed authority with the same key is trusted, and one of another key is not", async () => {
  const [keys, others] = [await newKeys(), await newKeys()];
  const authority = async (authorityKeys: typeof keys, days = 3650) =>
    (await testAuthority("shop", { keys: authorityKeys, days })).cert;
  const [former, renewed, other, ending] = [
    await authority(keys),
    await authority(keys),
    await authority(others),
    await authority(keys, 30),
  ];
  const leads = (old: string, next: string) =>
    stillConnects({ ...server, caCertificate: old }, { ...server, caCertificate: next });
  expect(former).not.toBe(renewed);
  expect(leads(former, renewed)).toBe(true);
  expect(leads(former, other)).toBe(false);
  expect(leads(former, `${other}\n${renewed}`)).toBe(false);
  expect(leads(`${other}\n${former}`, renewed)).toBe(true);
  expect(leads(ending, renewed)).toBe(false);
  expect(leads(former, "no certificate")).toBe(false);
});
