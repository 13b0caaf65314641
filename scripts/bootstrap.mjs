// What every `npm run` command starts with on a bare clone: dependencies and a build, each only when it is needed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) fail(`Node ${process.versions.node} is too old: pgharbor needs Node 20 or later`);

install();
run("Building the packages", process.execPath, [
  join(root, "node_modules/typescript/bin/tsc"),
  "-b",
  "packages/core",
  "packages/sql",
  "packages/pgharbor",
  "tools/toolchain",
]);
const child = spawnSync(process.execPath, [join(root, "tools/toolchain/dist/cli.js"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(child.status ?? 1);

/** Install scripts stay off: the only ones among the dependencies download plugins that are set up later, or not needed. */
function install() {
  const stamp = join(root, "node_modules/.pgharbor-installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  // `npm ci` would insist on binaries of other platforms, which a registry need not have; this reads the lock file as well.
  const flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  run("Installing npm packages", "npm", ["install", ...flags]);
  writeFileSync(stamp, wanted);
}

function run(what, command, args) {
  const started = Date.now();
  process.stderr.write(`${what} ...\n`);
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (done.error) fail(`${what}: ${done.error.message}`);
  if (done.status !== 0) process.exit(done.status ?? 1);
  process.stderr.write(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
