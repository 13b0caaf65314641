import { readPostgresUrl } from "./postgres-url";

const read = { host: "db.example.com", port: 5432, username: "admin", password: "", database: "postgres" };

test.each([
  ["postgresql://admin@db.example.com", read],
  ["postgres://admin@db.example.com/", read],
  ["postgresql://admin@db.example.com/postgres?sslmode=verify-full", read],
  [
    "postgresql://us%40er:p%25%2F%2C%40%23w@[::1]:6000/gr%C3%B6%C3%9Fe",
    { host: "::1", port: 6000, username: "us@er", password: "p%/,@#w", database: "größe" },
  ],
  ["postgresql://admin:a,b@db.example.com", { ...read, password: "a,b" }],
])("%s is read", (url, expected) => expect(readPostgresUrl(url)).toEqual(expected));

const FORM = "postgresql://admin@host:5432/postgres";
const half = "contains a lone surrogate, which a URL cannot; remove it";
const escape = "has a % that starts no UTF-8 escape; write a plain % as %25";
const several = `has several hosts, separated by a comma; give only the primary: ${FORM}`;
const none = `is not a PostgreSQL URL; write it as ${FORM}`;
const unread = (names: string): string =>
  `has parameters that are not read, got ${names}: connections always verify the server by caCertificate (verify-full); leave out what follows the ?`;

test.each([
  ["postgresql://admin:geheim\ud800@h/x", half],
  ["postgresql://admin@h/x\udc00", half],
  ["postgresql://admin:100%@h/x", escape],
  ["postgresql://ad%min@h/x", escape],
  ["postgresql://admin@h/50%", escape],
  ["postgresql://admin:geheim%FF@h/x", escape],
  ["postgresql://admin:geheim@h1,h2/x", several],
  ["postgresql://admin:geheim@h1:5432,h2:5432/x", several],
  [
    "postgresql://admin:geheim@h/x?sslmode=require&options=-csearch_path%3Dx&password=geheim",
    unread('"sslmode", "options", "password"'),
  ],
  ["postgresql://admin:geheim@h/x#y", "has a #, which ends the URL; write # in a name or a password as %23"],
  ["postgresql://admin@%2Frun%2Fpostgresql/x", "has no host name or address before its port; give one, not a socket"],
  ["postgresql://h/x", `has no user; write it as ${FORM}`],
  [`postgresql://${"a".repeat(64)}@h/x`, "has an invalid user name: at most 63 bytes, no NUL"],
  [`postgresql://a@h/${"ö".repeat(32)}`, "has an invalid database name: at most 63 bytes, no NUL"],
  ["postgresql://a@h/x%00", "has an invalid database name: at most 63 bytes, no NUL"],
  ["mysql://a:geheim@h/x", none],
  ["postgresql://", none],
  ["postgresql:///x", none],
  ["", none],
])("%j is refused, and no password of it shown", (url, message) => {
  expect(readPostgresUrl(url)).toEqual([{ path: "url", message }]);
  expect(message).not.toContain("geheim");
});
