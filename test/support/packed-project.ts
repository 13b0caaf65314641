import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

const CHECKOUT = path.resolve(__dirname, "..", "..");
const PACKAGES = ["core", "sql", "pgharbor"] as const;
export type PackageName = (typeof PACKAGES)[number];

/** A project of a user who installed the packages, outside the checkout. */
export interface PackedProject {
  dir: string;
  /** Paths within each tarball, without the leading `package/`. */
  contents: Record<PackageName, string[]>;
  remove(): Promise<void>;
}

/** Builds the packages from their sources alone, packs them, and installs the tarballs into an empty project. */
export async function packedProject(program: string): Promise<PackedProject> {
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), "pgharbor-packed-"));
  try {
    const clean = path.join(scratch, "build");
    await copySources(clean);
    await run(clean, process.execPath, [
      path.join(CHECKOUT, "node_modules/typescript/bin/tsc"),
      "-b",
      "packages/pgharbor",
    ]);
    const contents = {} as Record<PackageName, string[]>;
    const tarballs: string[] = [];
    for (const name of PACKAGES) {
      const { stdout } = await npm(path.join(clean, "packages", name), "pack", "--json", "--pack-destination", scratch);
      const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
      contents[name] = packed.files.map((file) => file.path);
      tarballs.push(path.join(scratch, packed.filename));
    }
    const dir = path.join(scratch, "project");
    await writeProject(dir, program);
    // Versions of the compiler and its types as Pulumi's own templates bring them.
    const compiler = ["typescript@~5.9.3", "@types/node@^20"];
    await npm(
      dir,
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      ...tarballs,
      ...compiler,
    );
    await fs.rm(clean, { recursive: true });
    return { dir, contents, remove: () => fs.rm(scratch, { recursive: true, force: true }) };
  } catch (error) {
    await fs.rm(scratch, { recursive: true, force: true });
    throw error;
  }
}

/** Copies sources only: earlier build output in the checkout must not get into a tarball. */
async function copySources(to: string): Promise<void> {
  const copied = [
    "LICENSE",
    "tsconfig.base.json",
    "scripts/prepack.mjs",
    ...PACKAGES.map((name) => `packages/${name}`),
  ];
  const built = /(^|\/)(dist|node_modules|LICENSE)$|\.tsbuildinfo$/;
  for (const name of copied) {
    await fs.cp(path.join(CHECKOUT, name), path.join(to, name), {
      recursive: true,
      filter: (source) => name === "LICENSE" || !built.test(path.relative(CHECKOUT, source)),
    });
  }
  await fs.symlink(path.join(CHECKOUT, "node_modules"), path.join(to, "node_modules"));
}

async function writeProject(dir: string, program: string): Promise<void> {
  await fs.mkdir(dir);
  const compilerOptions = { module: "CommonJS", moduleResolution: "node", target: "ES2022", strict: true };
  const files = {
    "Pulumi.yaml": "name: installed\nruntime: nodejs\n",
    "package.json": JSON.stringify({ name: "installed", private: true, main: "index.ts" }),
    "tsconfig.json": JSON.stringify({ compilerOptions }),
    "index.ts": program,
  };
  for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(dir, name), text);
}

const npm = (cwd: string, ...args: string[]) => run(cwd, "npm", [...args, "--loglevel=error"]);
const run = (cwd: string, command: string, args: string[]) =>
  promisify(execFile)(command, args, { cwd, maxBuffer: 64 << 20 }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${command} ${args[0]}: ${error.message}\n${error.stdout ?? ""}`, { cause: error });
  });
