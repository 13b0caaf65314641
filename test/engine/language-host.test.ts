import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pulumiProject, withPulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";

jest.setTimeout(900_000);

test("a TypeScript program's type errors are reported", async () => {
  const program = `const port: number = "5432"; export { port };`;
  await withPulumiProject({ program, typeCheck: true }, async (project) => {
    await expect(project.preview()).rejects.toThrow("Type 'string' is not assignable to type 'number'");
  });
});

test("a program in a sub-folder with options runs where its Pulumi.yaml says", async () => {
  const program = `export const heap = process.execArgv.join(" "); export const here = process.cwd();
    export const root = __dirname;`;
  await withPulumiProject({ program, name: "nested" }, async (project) => {
    await fs.mkdir(path.join(project.dir, "app"));
    await fs.rename(path.join(project.dir, "index.ts"), path.join(project.dir, "app", "index.ts"));
    const yaml =
      "name: nested\nmain: app/\nruntime:\n  name: nodejs\n  options:\n    nodeargs: --max-old-space-size=512\n";
    await fs.writeFile(path.join(project.dir, "Pulumi.yaml"), yaml);
    await project.up();
    const outputs = await project.outputs<{ heap: string; root: string }>();
    expect(outputs.heap).toContain("--max-old-space-size=512");
    expect(outputs.root).toBe(path.join(project.dir, "app"));
  });
});

test("dynamic providers run, and keep additional secret outputs secret", async () => {
  const program = `import * as pulumi from "@pulumi/pulumi";
    const provider: pulumi.dynamic.ResourceProvider = {
      create: async (inputs) => ({ id: "1", outs: { ...inputs, token: "sesame-" + inputs.n } }),
      update: async (_id, _olds, news) => ({ outs: { ...news, token: "sesame-" + news.n } }),
    };
    class Thing extends pulumi.dynamic.Resource {
      declare readonly token: pulumi.Output<string>;
      constructor(name: string, n: number) {
        super(provider, name, { n, token: undefined }, { additionalSecretOutputs: ["token"] }, "test", "Thing");
      }
    }
    export const token = new Thing("thing", new pulumi.Config().requireNumber("n")).token;`;
  await withPulumiProject({ program, config: { n: "1" } }, async (project) => {
    expect((await project.up()).summary).toEqual({ created: 2 });
    expect(await project.outputs()).toEqual({ token: "sesame-1" });
    await project.setConfig("n", "2");
    expect((await project.up()).summary).toEqual({ updated: 1, unchanged: 1 });
    expect(await project.export()).not.toContain("sesame-2");
    await project.expectNoChanges();
  });
});

test("a component package is started and tells its schema", async () => {
  const project = await pulumiProject({ program: "", name: "component-user" });
  try {
    const folder = path.join(project.dir, "component");
    await fs.mkdir(folder);
    const write = (file: string, text: string) => fs.writeFile(path.join(folder, file), text);
    await write("PulumiPlugin.yaml", "runtime: nodejs\n");
    await write("package.json", JSON.stringify({ name: "shelf", version: "1.2.3", main: "index.ts" }));
    await write("tsconfig.json", await fs.readFile(path.join(project.dir, "tsconfig.json"), "utf8"));
    await write(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";
      export interface ShelfArgs { /** How many boards. */ boards: pulumi.Input<number>; }
      export class Shelf extends pulumi.ComponentResource {
        constructor(name: string, args: ShelfArgs, opts?: pulumi.ComponentResourceOptions) { super("shelf:index:Shelf", name, args, opts); }
      }`,
    );
    const { stdout } = await project.run("package", "get-schema", folder);
    const schema = JSON.parse(stdout) as { resources: { [token: string]: { inputProperties: object } } };
    expect(Object.keys(schema.resources)).toEqual(["shelf:index:Shelf"]);
    expect(schema.resources["shelf:index:Shelf"]?.inputProperties).toMatchObject({ boards: { type: "number" } });
  } finally {
    await project.remove();
  }
});

test("an error of the program is reported once", async () => {
  const program = `throw new Error("the owner is not declared");`;
  await withPulumiProject({ program }, async (project) => {
    const failure = await project.up().catch((error: PulumiFailure) => error);
    const { stdout, stderr } = failure as PulumiFailure;
    const lines = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("Error: the owner is not declared"));
    expect(lines).toHaveLength(1);
    expect(`${stdout}${stderr}`).not.toContain("exited with code");
  });
});

test("configuration reaches the program, secrets as secrets", async () => {
  const program = `import * as pulumi from "@pulumi/pulumi"; const config = new pulumi.Config();
    export const open = config.require("open"); export const closed = config.requireSecret("closed");
    export const list = config.requireObject<number[]>("list");`;
  const config = { open: "with = and 'quotes'", closed: { secret: "sesame-9f2" }, list: "[1,2]" };
  await withPulumiProject({ program, config }, async (project) => {
    const result = await project.up();
    expect(result.stdout).not.toContain("sesame-9f2");
    expect(await project.outputs()).toEqual({ open: config.open, closed: "sesame-9f2", list: [1, 2] });
    expect(await project.export()).not.toContain("sesame-9f2");
  });
});
