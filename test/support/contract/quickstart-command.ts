import { readdirSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "@pgharbor/toolchain";

const ROOT = path.resolve(__dirname, "../../..");
const EXAMPLE = path.join(ROOT, "examples/quickstart");

export interface QuickstartPlatform {
  /** Options that select the platform. */
  readonly options: readonly string[];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** The existing objects of the cluster, by name. */
  remains(): Promise<string[]>;
}

interface Said {
  readonly stdout: string;
  /** The output and all of stderr: progress, and the engine's messages. */
  readonly all: string;
}

/** A new user's commands, on either platform. */
export function quickstartCommand(open: () => Promise<QuickstartPlatform>): void {
  let platform: QuickstartPlatform;
  const npm = (...args: string[]): Promise<Said> => npmRun(args, { ...process.env, ...platform.env });
  const quickstart = (...more: string[]): Promise<Said> => npm("quickstart", "--", ...platform.options, ...more);
  const files = () => readdirSync(EXAMPLE).sort();
  const checkedOut = files();

  beforeAll(async () => {
    platform = await open();
    const found = await platform.remains();
    if (found.length > 0)
      throw new Error(`a quickstart is there already (${found[0]}, ...): npm run quickstart -- --destroy removes it`);
  });
  afterAll(async () => {
    if ((await platform.remains()).length > 0) await quickstart("--destroy");
  });

  test("one command makes a cluster, and proves that a row goes from the primary to a replica", async () => {
    const first = await quickstart();
    expect(first.stdout).toMatch(/^\d+ resources made or changed in \d+ s\.$/m);
    for (const [service, port] of Object.entries({ primary: 5433, replica: 5434, default: 5436, offline: 5438 }))
      expect(first.stdout).toMatch(new RegExp(`${service} .* ${port} `));
    expect(first.stdout).toMatch(/through primary: server \S+, role primary, timeline 1$/m);
    expect(first.stdout).toMatch(/through replica: server \S+, role replica, timeline 1$/m);
    expect(first.stdout).toMatch(/^primary {2}postgres(ql)?:\/\/shop_owner:\[secret\]@/m);

    const again = await quickstart("--show-secrets");
    expect(again.stdout).toMatch(/^Nothing changed: all \d+ resources are as the program says\.$/m);
    const password = /^primary {2}postgres(?:ql)?:\/\/shop_owner:([^@[\]]+)@/m.exec(again.stdout)![1];
    expect(password.length).toBeGreaterThan(15);
    expect(first.all).not.toContain(password);
    const removal = /^Remove all: npm run (.*)$/m.exec(again.stdout)![1];

    const removed = await npm(...removal.split(" "));
    expect(removed.stdout).toContain("Nothing that the quickstart made is left: no data, no program, no state.");
    expect(await platform.remains()).toEqual([]);
    expect(files()).toEqual(checkedOut);
  });
}

/** A failure throws the whole output. */
async function npmRun(args: string[], env: NodeJS.ProcessEnv): Promise<Said> {
  const { code, stdout, stderr } = await runCommand("npm", ["run", ...args], { cwd: ROOT, env });
  if (code !== 0) throw new Error(`npm run ${args.join(" ")}: exit code ${code}\n${stdout}\n${stderr}`);
  return { stdout, all: stdout + stderr };
}
