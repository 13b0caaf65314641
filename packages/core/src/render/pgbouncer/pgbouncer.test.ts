import * as fc from "fast-check";
import { model, deferred, service } from "../../../../../test/support/planned-by-hand";
import { connectString, iniSection } from "./ini";
import { renderPgbouncerIni } from "./pgbouncer-ini";
import { renderUserlist, userlistLine } from "./userlist";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom("'", '"', "\\", " ", "=", ";", "a") }),
);
const pool = {
  mode: "transaction" as const,
  size: 20,
  reserveSize: 5,
  maxDbConnections: 50,
  maxClientConnections: 100,
  ignoreStartupParameters: [],
  resetAfterTransaction: false,
};

/** As cf_load_file() of libusual: key, `=`, the rest of the line trimmed; `;` and `#` start a comment only at the start. */
function parseIni(ini: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let section = "";
  for (const line of ini.split("\n")) {
    if (line === "" || /^[;#]/.test(line)) continue;
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    const [, key = "", value = ""] = /^([\w.*-]+) =(?: (.*))?$/.exec(line) ?? [];
    if (header !== undefined) section = header;
    else (sections[section] ??= {})[key] = value;
  }
  return sections;
}

/** As parse_database() of PgBouncer's loader.c. */
function parseConnectString(line: string): Record<string, string> {
  const pattern = /\s*([^\s=]+)=(?:'((?:[^']|'')*)'|(\S*))/gy;
  const values: Record<string, string> = {};
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    values[match[1]] = match[2]?.replace(/''/g, "'") ?? match[3];
  }
  return values;
}

test("values of a section round-trip, and those that the format cannot hold are refused", () => {
  fc.assert(
    fc.property(text, (value) => {
      const isWritable = value === value.trim() && !/\p{Cc}/u.test(value);
      if (isWritable) expect(parseIni(iniSection("s", { k: value }))).toEqual({ s: { k: value } });
      else expect(() => iniSection("s", { k: value })).toThrow("pgbouncer.ini");
    }),
  );
});

test.each(["\u0000", "\n", "\u001f", "\u007f", "\u0085", "\u009f"])(
  "no control character gets into a value: %j",
  (control) => {
    expect(() => iniSection("s", { k: `a${control}b` })).toThrow("pgbouncer.ini");
  },
);

test("a key that PgBouncer cannot read is refused", () => {
  for (const key of ["app$1", "'app'", "a b", "a=b", "", "\n"]) {
    expect(() => iniSection("s", { [key]: "v" })).toThrow("cannot be a key");
  }
});

test("a connection string round-trips", () => {
  fc.assert(
    fc.property(text, text, (host, user) => {
      expect(parseConnectString(connectString({ host, port: 7001, user }))).toEqual({ host, port: "7001", user });
    }),
  );
});

test("users and passwords of userlist.txt round-trip, and a control character is refused", () => {
  const parse = (line: string) => [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((m) => m[1]?.replace(/""/g, '"'));
  fc.assert(
    fc.property(text, text, (user, password) => {
      fc.pre(!/[\x00-\x1f]/.test(user + password));
      expect(parse(userlistLine(user, password))).toEqual([user, password]);
    }),
  );
  expect(() => userlistLine("a", 'x"\n"evil" "y')).toThrow("control characters");
});

test("userlist.txt has only the console's user and the user for password lookups", () => {
  expect(renderUserlist(deferred)).toBe('"pgharbor_console" "pw-poolerConsole"\n"pgharbor_pooler" "pw-poolerAuth"\n');
});

test("a pooler finds its HAProxy by socket or port, with its own TLS where the link is TCP", () => {
  const pooled = service([], { pool, poolerBackend: 7003 });
  const over = (poolerLink: "unix" | "tcp") =>
    parseIni(renderPgbouncerIni(model({ poolerLink }), pooled, "gw.example"));
  expect(over("unix").databases).toMatchObject({ "*": "host=/run/pgharbor/sockets port=7003" });
  expect(over("unix").pgbouncer).toMatchObject({ server_tls_sslmode: "disable", client_tls_sslmode: "require" });
  expect(over("tcp").databases).toEqual({
    "*": "host=gw.example port=7003",
    pgharbor_lookup: "dbname=postgres host=gw.example pool_size=2 port=7003 reserve_pool_size=0",
  });
  expect(over("tcp").pgbouncer).toMatchObject({ server_tls_sslmode: "verify-full" });
});

test("databases and users have only the declared settings", () => {
  const named = {
    ...pool,
    users: { app: { mode: "session", maxConnections: 7 }, plain: {} },
    databases: { shop: { mode: "statement", size: 9, reserveSize: 0 }, plain: {}, one: { size: 1 } },
  } as const;
  const ini = parseIni(renderPgbouncerIni(model(), service([], { pool: named, poolerBackend: 7001 }), "h"));
  const server = { host: "/run/pgharbor/sockets", port: "7001" };
  const all = Object.entries(ini.databases ?? {});
  expect(all.map(([name, line]) => [name, parseConnectString(line)])).toEqual([
    ["one", { ...server, pool_size: "1" }],
    ["pgharbor_lookup", { ...server, dbname: "postgres", pool_size: "2", reserve_pool_size: "0" }],
    ["plain", server],
    ["shop", { ...server, pool_mode: "statement", pool_size: "9", reserve_pool_size: "0" }],
    ["*", server],
  ]);
  expect(ini.users).toEqual({ app: "max_user_connections=7 pool_mode=session", plain: "" });
});

test("without settings of users, there is no such section", () => {
  expect(Object.keys(parseIni(renderPgbouncerIni(model(), service([], { pool, poolerBackend: 7001 }), "h")))).toEqual([
    "databases",
    "pgbouncer",
  ]);
});

test("a service without a pool has no pgbouncer.ini", () => {
  expect(() => renderPgbouncerIni(model(), service([]), "h")).toThrow("service s has no pooler");
});
