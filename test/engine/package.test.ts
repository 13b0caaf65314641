import * as fs from "node:fs/promises";
import * as path from "node:path";
import { packedProject, type PackedProject } from "../support/packed-project";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const PROGRAM = `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("packed", { docker: { publish: "auto" }, members: 1 });
  const owner = new PgUser("owner", { target: cluster, username: "owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database }).uri;
`;

let installed: PackedProject;
beforeAll(async () => {
  installed = await packedProject(PROGRAM);
});
afterAll(() => installed?.remove());

test("tarballs hold what runs, with its licence, and no source or test", () => {
  for (const [name, files] of Object.entries(installed.contents)) {
    expect(files).toEqual(
      expect.arrayContaining(["package.json", "LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]),
    );
    const unwanted = files.filter((file) => /\.test\.|\.map$|\.tsbuildinfo$|(^|\/)(src|test|testing)\//.test(file));
    expect({ name, unwanted }).toEqual({ name, unwanted: [] });
    expect(files.filter((file) => !/^(dist|dynamic)\/|^[^/]+$/.test(file))).toEqual([]);
  }
  expect(installed.contents.pgharbor).toEqual(
    expect.arrayContaining(["dynamic/v1/index.js", "images.json", "PulumiPlugin.yaml"]),
  );
});

test("the packages are installed, not linked", async () => {
  for (const name of ["pgharbor", "@pgharbor/core", "@pgharbor/sql"]) {
    const folder = path.join(installed.dir, "node_modules", name);
    expect(await fs.realpath(folder)).toBe(
      await fs.realpath(path.dirname(folder)).then((p) => path.join(p, path.basename(name))),
    );
  }
});

test("a program with a cluster, type-checked, has its preview", async () => {
  await withPulumiProject({ dir: installed.dir, typeCheck: true }, async (project) => {
    const { steps } = await project.previewJson();
    const kinds = new Set(steps.map((step) => `${step.op} ${step.urn.split("::")[2].split("$").pop()!}`));
    for (const kind of ["ContainerFiles", "Patroni", "PgRole", "PgDatabase", "DeletionGuard"])
      expect(kinds).toContain(`create pulumi-nodejs:dynamic/pgharbor:${kind}`);
    expect(kinds).toContain("create docker:index/container:Container");
  });
});
