import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { findOnPath, usableCli } from "./installed-cli";
import { isAtLeast } from "@pgharbor/build-cache";

let folder: string;

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "pgharbor-cli-"));
});

afterEach(() => fs.rm(folder, { recursive: true }));

async function program(file: string, prints = ""): Promise<string> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, `#!/bin/sh\necho ${prints}\n`, { mode: 0o755 });
  return file;
}

test.each([
  ["3.250.0", "3.200.0", true],
  ["v3.200.0", "3.200.0", true],
  ["3.99.9", "3.200.0", false],
  ["4.0.0-alpha.1", "3.200.0", true],
  ["1.26", "1.25.11", true],
  ["1.25", "1.25.11", false],
])("%s is at least %s: %s", (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});

test("the first pulumi on PATH is found through links, ours is passed by", async () => {
  const real = await program(path.join(folder, "opt", "pulumi"), "v3.260.0");
  await program(path.join(folder, "ours", "bin", "pulumi"));
  await fs.mkdir(path.join(folder, "bin"));
  await fs.symlink(real, path.join(folder, "bin", "pulumi"));
  const PATH = [path.join(folder, "ours", "bin"), path.join(folder, "empty"), path.join(folder, "bin")].join(":");
  expect(await findOnPath(path.join(folder, "ours"), { PATH })).toBe(await fs.realpath(real));
  expect(await findOnPath(path.join(folder, "ours"), { PATH: path.join(folder, "ours", "bin") })).toBeUndefined();
});

test("a CLI that is too old, broken, or without a language host is skipped with a message", async () => {
  const lines: string[] = [];
  const usable = (file: string) => usableCli(file, (line) => lines.push(line));
  const old = await program(path.join(folder, "old", "pulumi"), "v3.10.0");
  const alone = await program(path.join(folder, "alone", "pulumi"), "v3.260.0");
  const whole = await program(path.join(folder, "whole", "pulumi"), "v3.260.0");
  await program(path.join(folder, "whole", "pulumi-language-nodejs"));
  expect(await usable(old)).toBeUndefined();
  expect(await usable(path.join(folder, "missing"))).toBeUndefined();
  expect(await usable(alone)).toBeUndefined();
  expect(await usable(whole)).toEqual({ binary: whole, version: "3.260.0" });
  expect(lines).toEqual([
    `passing over ${old}: version 3.10.0, needed is 3.200.0 or later`,
    `passing over ${path.join(folder, "missing")}: version unknown, needed is 3.200.0 or later`,
    `passing over ${alone}: no pulumi-language-nodejs beside it`,
  ]);
});
