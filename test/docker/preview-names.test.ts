import { randomBytes } from "node:crypto";
import { pulumiProject, type Preview, type PulumiProject } from "../support/pulumi-project";

/** A preview names exactly the resources that the `up` after it changes. */
jest.setTimeout(1_200_000);

const NAME = `tnames${randomBytes(2).toString("hex")}`;
const program = ({ members = 3, more = "" } = {}) => `
  import { PgAccess, PgDatabase, PgUser, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, members: ${members}, tuning: "tiny", deletionProtection: false, ${more} });
  const app = new PgUser("app", { target: cluster, username: "app" });
  new PgDatabase("shop", { target: cluster, owner: app.username });
  new PgAccess("bulk", { target: cluster, users: { report: {} } });
`;

let project: PulumiProject;
beforeAll(async () => {
  project = await pulumiProject({ program: program() });
  await project.up();
});
afterAll(() => project?.remove());

/** Returns the names of changed resources, by operation. */
function named({ steps }: Preview): Record<string, string[]> {
  const by: Record<string, string[]> = {};
  for (const { op, urn } of steps) {
    if (op === "same" || op.startsWith("create-replacement") || op === "delete-replaced") continue;
    (by[op] ??= []).push(urn.split("::").pop()!);
  }
  return Object.fromEntries(Object.entries(by).map(([op, names]) => [op, names.sort()]));
}
const SQL = /::(app|shop|bulk)$|:Pg(Role|Database|Access)::/;

/** The preview lists exactly the operations of the `up`. */
async function changedAs(...flags: string[]): Promise<Record<string, string[]>> {
  const preview = await project.previewJson(...flags);
  const previewed = named(preview);
  const { summary } = await project.up(...flags);
  const counts = Object.fromEntries(Object.entries(previewed).map(([op, names]) => [op, names.length]));
  process.stderr.write(`${JSON.stringify(previewed)}\n${JSON.stringify(summary)}\n`);
  expect({
    created: summary.created ?? 0,
    updated: summary.updated ?? 0,
    replaced: summary.replaced ?? 0,
    deleted: summary.deleted ?? 0,
  }).toEqual({
    created: counts.create ?? 0,
    updated: counts.update ?? 0,
    replaced: counts.replace ?? 0,
    deleted: counts.delete ?? 0,
  });
  expect(preview.steps.filter(({ op, urn }) => op !== "same" && SQL.test(urn))).toEqual([]);
  await project.expectNoChanges();
  return previewed;
}

test("one member more: no file of another member, no user, no database", async () => {
  await project.write(program({ members: 4 }));
  const { create, update, ...others } = await changedAs();
  expect(others).toEqual({});
  expect(create.filter((name) => !name.startsWith(`${NAME}-m4`))).toEqual([]);
  expect(update.filter((name) => /-m[1-3]-files$/.test(name))).toEqual([]);
  expect(update).toContain(`${NAME}-haproxy-1-files`);
});

test("another port of a service", async () => {
  await project.write(program({ members: 4, more: `services: [{ name: "default", port: 5440 }]` }));
  const { update, replace } = await changedAs();
  expect(replace).toEqual([`${NAME}-haproxy-1`]);
  // The component's own state contains its arguments.
  expect(update).toEqual([NAME, `${NAME}-haproxy-1-files`]);
});

test("an authority that is renewed: every file that has it, and no user or database", async () => {
  const { urn } = (await project.resources()).find(({ urn: one }) => one.endsWith(`::${NAME}-ca`))!;
  const { update } = await changedAs("--replace", urn);
  expect(update.filter((name) => !name.endsWith("-files"))).toEqual([]);
  // The connection details of users in the state still work.
  await project.refresh();
  await project.expectNoChanges();
});
