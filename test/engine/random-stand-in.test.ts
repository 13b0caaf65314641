import { PulumiFailure } from "../support/run-pulumi";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const header = `import * as random from "@pulumi/random"; import * as pulumi from "@pulumi/pulumi"; const config = new pulumi.Config();`;

test("values stay, keepers replace, and no password is in the state", async () => {
  const program = `${header}
    const password = new random.RandomPassword("password", { length: 24, minUpper: 3, special: false });
    const id = new random.RandomId("id", { byteLength: 4, keepers: { generation: config.get("generation") ?? "1" } });
    const pet = new random.RandomPet("pet", { prefix: "shop" });
    const text = new random.RandomString("text", { length: 9, upper: false, numeric: false, special: false });
    const port = new random.RandomInteger("port", { min: 7, max: 9 });
    const uuid = new random.RandomUuid("uuid");
    export const all = { password: password.result, hash: password.bcryptHash, hex: id.hex, pet: pet.id, text: text.result,
      port: port.result, uuid: uuid.result, length: password.length, lower: password.lower };`;
  await withPulumiProject({ program }, async (project) => {
    expect((await project.preview("--diff")).stdout).toContain("lower   : true");
    expect((await project.up()).summary).toEqual({ created: 7 });
    const { all: first } = await project.outputs<{ all: Record<string, string | number> }>();
    expect(first.password).toMatch(/^[A-Za-z0-9]{24}$/);
    expect((first.password as string).replace(/[^A-Z]/g, "").length).toBeGreaterThanOrEqual(3);
    expect(first.hash).toMatch(/^\$2[aby]\$10\$/);
    expect(first).toMatchObject({ length: 24, lower: true });
    expect(first.hex).toMatch(/^[0-9a-f]{8}$/);
    expect(first.pet).toMatch(/^shop-[a-z]+-[a-z]+$/);
    expect(first.text).toMatch(/^[a-z]{9}$/);
    expect([7, 8, 9]).toContain(first.port);
    expect(first.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(await project.export()).not.toContain(first.password);
    await project.refresh();
    await project.expectNoChanges();
    await project.setConfig("generation", "2");
    const { steps } = await project.previewJson();
    const replaced = steps.filter((step) => step.op === "replace");
    expect(replaced.map((step) => step.urn.split("::").pop())).toEqual(["id"]);
    expect(Object.keys(replaced[0]?.detailedDiff ?? {})).toEqual(["keepers.generation"]);
    expect((await project.up()).summary).toEqual({ replaced: 1, unchanged: 6 });
    const { all: second } = await project.outputs<{ all: Record<string, string | number> }>();
    expect(second).toEqual({ ...first, hex: second.hex });
    expect(second.hex).not.toBe(first.hex);
  });
});

test("bad inputs and unknown types are explained", async () => {
  const tooShort = `${header} new random.RandomPassword("p", { length: 2, minUpper: 3 });`;
  await withPulumiProject({ program: tooShort }, async (project) => {
    const message = "must be at least 3 (1, and the sum of minLower, minUpper, minNumeric and minSpecial), got 2";
    await expect(project.preview()).rejects.toThrow(message);
    await project.write(`${header} new random.RandomShuffle("s", { inputs: ["a"] });`);
    await expect(project.preview()).rejects.toThrow("RandomShuffle: the offline stand-in of the random provider");
  });
});

test("an error of the program is told once", async () => {
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
  const program = `${header} export const open = config.require("open"); export const closed = config.requireSecret("closed");
    export const list = config.requireObject<number[]>("list");`;
  const config = { open: "with = and 'quotes'", closed: { secret: "sesame-9f2" }, list: "[1,2]" };
  await withPulumiProject({ program, config }, async (project) => {
    const result = await project.up();
    expect(result.stdout).not.toContain("sesame-9f2");
    expect(await project.outputs()).toEqual({ open: config.open, closed: "sesame-9f2", list: [1, 2] });
    expect(await project.export()).not.toContain("sesame-9f2");
  });
});
