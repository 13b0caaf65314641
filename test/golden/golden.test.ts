import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { CASE_FILE, casesFolder, goldenCases, renderCase, type GoldenCase } from "./golden-case";

const update = process.env.UPDATE_GOLDEN === "1";

/** The line limit for an expected file, enough for the longest haproxy.cfg. No one reads a longer file. */
const MOST_LINES = 180;

describe.each(goldenCases())("$name: $about", (one: GoldenCase) => {
  const folder = join(casesFolder, one.name);
  const rendered = renderCase(one);

  if (update) {
    for (const orphan of present(folder)) rmSync(join(folder, orphan));
    for (const file of one.files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), rendered.get(file) ?? "");
    }
  }

  test.each(one.files)("%s", (file) => {
    const text = rendered.get(file);
    if (text === undefined)
      throw new Error(`no such file is planned: ${file}; there are ${[...rendered.keys()].join(", ")}`);
    const path = join(folder, file);
    if (!existsSync(path)) throw new Error(`${path} is missing: UPDATE_GOLDEN=1 writes it`);
    expect(text).toBe(readFileSync(path, "utf8"));
    expect(text.split("\n").length).toBeLessThan(MOST_LINES);
  });

  test("no file lies here that the case does not name", () => expect(present(folder)).toEqual([...one.files].sort()));

  test("the same again gives the same text", () => expect(renderCase(one)).toEqual(rendered));
});

test("no case got lost", () =>
  expect(goldenCases().map(({ name }) => name)).toEqual([
    "added-service",
    "backups",
    "backups-in-object-stores",
    "defaults",
    "delayed-member",
    "hba-by-address",
    "hba-rules",
    "kubernetes",
    "kubernetes-added-service",
    "kubernetes-postgres-15",
    "offline-member",
    "one-member",
    "parameters",
    "pool-settings",
    "pools",
    "postgres-15",
    "restore",
    "standby-service",
    "strict-and-far-apart",
    "tags-and-other-checks",
    "three-etcd",
    "two-gateways",
  ]));

function present(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== CASE_FILE)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
