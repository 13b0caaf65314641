import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

test("passwords settle, are replaced by their keepers alone, and are in no state", async () => {
  const program = `import * as random from "@pulumi/random"; import * as pulumi from "@pulumi/pulumi";
    const config = new pulumi.Config();
    const password = new random.RandomPassword("password", { length: 24, minUpper: 3, special: false });
    const kept = new random.RandomPassword("kept", { length: 16, keepers: { generation: config.get("generation") ?? "1" } });
    export const all = { password: password.result, hash: password.bcryptHash, kept: kept.result };`;
  await withPulumiProject({ program }, async (project) => {
    expect((await project.up()).summary).toEqual({ created: 3 });
    const { all: first } = await project.outputs<{ all: Record<string, string> }>();
    expect(first.password).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(first.password.replace(/[^A-Z]/g, "").length).toBeGreaterThanOrEqual(3);
    expect(first.hash).toMatch(/^\$2[aby]\$10\$/);
    for (const secret of Object.values(first)) expect(await project.export()).not.toContain(secret);
    await project.refresh();
    await project.expectNoChanges();
    await project.setConfig("generation", "2");
    expect((await project.up()).summary).toEqual({ replaced: 1, unchanged: 2 });
    const { all: second } = await project.outputs<{ all: Record<string, string> }>();
    expect(second).toEqual({ ...first, kept: second.kept });
    expect(second.kept).not.toBe(first.kept);
  });
});
