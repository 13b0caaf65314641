import * as fc from "fast-check";
import type { Json } from "@pgharbor/core";
import { word } from "../../packages/core/src/render/haproxy/word";
import { userlistLine } from "../../packages/core/src/render/pgbouncer/userlist";
import { hbaLine } from "../../packages/core/src/render/postgres/hba-line";
import { toYaml } from "../../packages/core/src/render/text/yaml";
import { startPostgres, type PostgresContainer } from "../support/postgres-container";
import { ProgramContainer } from "../support/program-container";

jest.setTimeout(900_000);

/** Hostile values, the same in every run. */
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: 17, numRuns: count });
const nasty = fc.string({
  unit: fc.constantFrom("'", '"', "\\", "#", "$", " ", ",", "@", "+", "/", "%", "{", "}", "a", "\u00e9"),
});
const anything = fc.oneof(nasty, fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));

const gateway = ProgramContainer.of("gateway");
const member = ProgramContainer.of("postgres 17");
const GATEWAY = { uid: 103, gid: 105 };
const MEMBER = { uid: 102, gid: 104 };
let postgres: PostgresContainer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.remove();
  for (const container of [gateway, member]) await (await container).remove();
});

test("HAProxy reads an argument as it was meant", async () => {
  // HAProxy prints these while it parses: one line each, without line ends and without characters that a terminal
  // hides.
  const texts = sample(nasty, 300).filter((text) => text !== "");
  const file = `${texts.map((text) => `.notice ${word(`<${text}>`)}\n`).join("")}global\n`;
  const folder = await (await gateway).put("words", { files: { "haproxy.cfg": file }, ...GATEWAY });
  const { stdout, stderr } = await (await gateway).exec("haproxy", "-c", "-f", `${folder}/haproxy.cfg`);
  const read = [...(stdout + stderr).matchAll(/: '<(.*)>'\.?$/gm)].map((match) => match[1]);
  expect(read).toEqual(texts);
});

test("Patroni's YAML library reads a document as it was meant", async () => {
  const values = sample(
    fc.dictionary(anything, fc.oneof(anything, fc.array(anything), fc.integer()), { maxKeys: 5 }),
    200,
  );
  const documents = Object.fromEntries(
    values.map((value, i) => [`${i}.yml`, toYaml(value as { [key: string]: Json })]),
  );
  const folder = await (await member).put("yaml", { files: documents, ...MEMBER });
  const program =
    "import json,sys,yaml\nprint(json.dumps([yaml.safe_load(open(f'{sys.argv[1]}/{i}.yml', encoding='utf-8')) for i in range(int(sys.argv[2]))]))";
  const { stdout, stderr } = await (await member).exec("python3", "-c", program, folder, String(values.length));
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual(values.map((value) => ({ ...value })));
});

test("PgBouncer lets in whom userlist.txt names, by exactly that password", async () => {
  const printable = fc.string({
    unit: fc.constantFrom("'", '"', "\\", "#", ";", " ", "%", "a", "B", "0"),
    minLength: 1,
  });
  const users = sample(printable, 40).map((password, i) => ({ user: `u${i}`, password }));
  const userlist = users.map(({ user, password }) => userlistLine(user, password)).join("");
  const files = {
    "userlist.txt": userlist,
    "users.json": JSON.stringify(users),
    "pgbouncer.ini": CONSOLE,
    "login.py": LOGIN,
  };
  const folder = await (await gateway).put("users", { files, ...GATEWAY });
  const { code, stdout, stderr } = await (
    await gateway
  ).exec("sh", "-c", 'cd "$0"; pgbouncer -q pgbouncer.ini & python3 login.py; r=$?; kill $!; exit $r', folder);
  expect({ code, stdout: stdout.trim(), stderr: code === 0 ? "" : stderr }).toEqual({
    code: 0,
    stdout: "40 in, 40 refused",
    stderr: "",
  });
});

const CONSOLE = `[databases]
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = /tmp
auth_type = scram-sha-256
auth_file = userlist.txt
admin_users = ${Array.from({ length: 40 }, (_, i) => `u${i}`).join(",")}
logfile = /dev/null
`;
const LOGIN = `import json, socket, time, psycopg2
users = json.load(open("users.json")); inside = refused = 0
for _ in range(300):
    if socket.socket(socket.AF_UNIX).connect_ex("/tmp/.s.PGSQL.6432") == 0: break
    time.sleep(0.1)
def connect(user, password):
    return psycopg2.connect(host="/tmp", port=6432, dbname="pgbouncer", user=user, password=password)
for one in users:
    connect(one["user"], one["password"]).close(); inside += 1
    try:
        connect(one["user"], one["password"] + "x")
    except psycopg2.OperationalError as error:
        refused += "authentication failed" in str(error)
print(f"{inside} in, {refused} refused")
`;

test("PostgreSQL reads a line of pg_hba.conf as it was meant", async () => {
  const names = sample(anything, 300).filter((name) => name !== "" && !/[\0\r\n\ufffd]|\p{Surrogate}/u.test(name));
  const rules = names.map((name, i) => ({ database: name, user: names[(i + 1) % names.length] }));
  const plain = rules.filter(({ database, user }) => !/^\+?\//.test(user) && !database.startsWith("/"));
  const lines = plain.map(({ database, user }) =>
    hbaLine({ type: "hostssl", databases: [database], users: [user], address: "samenet", method: "cert" }),
  );
  await postgres.exec(
    "sh",
    "-c",
    'printf %s "$0" | base64 -d >/var/lib/postgresql/test/data/hostile.conf',
    Buffer.from(`${lines.join("\n")}\n`).toString("base64"),
  );
  await postgres.exec("sh", "-c", "cd /var/lib/postgresql/test/data; cp pg_hba.conf kept; cp hostile.conf pg_hba.conf");
  const client = await postgres.connect();
  try {
    const { rows } = await client.query(
      "SELECT database, user_name, address, auth_method, error FROM pg_hba_file_rules ORDER BY line_number",
    );
    expect(rows).toEqual(
      plain.map(({ database, user }) => ({
        database: [database],
        user_name: [user],
        address: "samenet",
        auth_method: "cert",
        error: null,
      })),
    );
  } finally {
    await client.end();
    await postgres.exec("sh", "-c", "cd /var/lib/postgresql/test/data; mv kept pg_hba.conf");
  }
});
