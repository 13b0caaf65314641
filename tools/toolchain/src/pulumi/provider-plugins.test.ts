import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { providerModule } from "./offline-build";
import { ensurePlugins, type PluginSources } from "./provider-plugins";
import { packageVersion, PROVIDERS, type ProviderName } from "./versions";

let root: string;
let lines: string[];
let sources: PluginSources;

beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), "pgharbor-plugins-"));
  lines = [];
  sources = {
    home: path.join(root, "home"),
    build: (name) => program(path.join(root, "built", name), `${name}, built`),
  };
});

afterEach(() => fs.rm(root, { recursive: true }));

async function program(file: string, text: string): Promise<string> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, text, { mode: 0o755 });
  return file;
}

const versionOf = (name: ProviderName) => packageVersion(`@pulumi/${name}`);
const folderIn = (home: string, name: ProviderName, version = versionOf(name)) =>
  path.join(home, "plugins", `resource-${name}-v${version}`);
const executableIn = (home: string, name: ProviderName, version?: string) =>
  path.join(folderIn(home, name, version), `pulumi-resource-${name}`);
const textOf = (name: ProviderName) => fs.readFile(executableIn(sources.home, name), "utf8");

async function originsOf(given: PluginSources): Promise<Record<string, string>> {
  const { plugins } = await ensurePlugins(PROVIDERS, given, (line) => lines.push(line));
  return Object.fromEntries(plugins.map(({ name, origin }) => [name, origin]));
}

test("the user's plugins are used where their version is the package's, in folders of our own", async () => {
  const installedHome = path.join(root, "theirs");
  await program(executableIn(installedHome, "tls"), "their tls");
  await program(executableIn(installedHome, "docker"), "their docker");
  await program(executableIn(installedHome, "random", "4.0.0"), "their old random");
  // No kubernetes.
  expect(await originsOf({ ...sources, installedHome })).toEqual({
    random: "offline build",
    tls: "yours",
    docker: "yours",
    kubernetes: "offline build",
  });
  for (const name of ["random", "tls", "docker", "kubernetes"] as const) {
    // Pulumi ignores links to folders.
    expect((await fs.lstat(folderIn(sources.home, name))).isDirectory()).toBe(true);
    await fs.access(executableIn(sources.home, name), fs.constants.X_OK);
  }
  expect(await Promise.all([textOf("tls"), textOf("docker"), textOf("random")])).toEqual([
    "their tls",
    "their docker",
    "random, built",
  ]);
});

test("a set that is made again leaves the user's plugins alone", async () => {
  const installedHome = path.join(root, "theirs");
  const theirs = await program(executableIn(installedHome, "docker"), "their docker");
  await fs.mkdir(path.join(sources.home, "plugins"), { recursive: true });
  // Left by an earlier version of this set-up.
  await fs.symlink(path.dirname(theirs), folderIn(sources.home, "docker"), "dir");
  await originsOf({ ...sources, installedHome });
  await originsOf(sources);
  expect(await textOf("docker")).toBe("docker, built");
  expect(await fs.readFile(theirs, "utf8")).toBe("their docker");
});

test("a failed download is reported and tried again", async () => {
  const download = async (name: ProviderName) => {
    if (name === "docker" || name === "tls") return false;
    await program(executableIn(sources.home, name), `${name}, downloaded`);
    return true;
  };
  const { plugins, notDownloaded } = await ensurePlugins(PROVIDERS, { ...sources, download }, (line) =>
    lines.push(line),
  );
  expect(plugins.map(({ name, origin }) => [name, origin])).toEqual([
    ["random", "official download"],
    ["tls", "offline stand-in"],
    ["docker", "offline build"],
    ["kubernetes", "official download"],
  ]);
  expect(notDownloaded).toEqual(["tls", "docker"]);
  expect(lines).toEqual([
    `the download of the tls plugin ${versionOf("tls")} failed; the next set-up tries again`,
    `the download of the docker plugin ${versionOf("docker")} failed; the next set-up tries again`,
  ]);
  expect(await textOf("random")).toBe("random, downloaded");
});

test("a plugin that is kept is not touched, though it has another source by now", async () => {
  await ensurePlugins(["tls", "docker"], sources, (line) => lines.push(line));
  const { mtimeMs } = await fs.stat(executableIn(sources.home, "docker"));
  const kept = [{ name: "docker", version: versionOf("docker"), origin: "official download" as const }];
  const { plugins } = await ensurePlugins(["docker", "random"], { ...sources, kept }, (line) => lines.push(line));
  expect(plugins.map(({ name, origin }) => [name, origin])).toEqual([
    ["docker", "official download"],
    ["random", "offline build"],
  ]);
  expect((await fs.stat(executableIn(sources.home, "docker"))).mtimeMs).toBe(mtimeMs);
});

test("a provider that is built answers with the version of its npm package", () => {
  expect(providerModule("kubernetes", "4.0.1").linkerFlags).toMatch(/version\.Version=4\.0\.1$/);
});
