import { DockerCluster } from "../support/docker-cluster";
import { withClient } from "../support/connect";
import { packedProject, type PackedProject } from "../support/packed-project";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

const NAME = "packed";
/** Everything that the state stores of a dynamic provider's handler. */
const PROVIDER = /^exports\.handler = \(\) => require\("pgharbor\/dynamic\/v1"\)\.handlers\.(\w+);$/;
const OWN_KINDS = [
  ...["ClusterMarker", "ClusterIdentity", "Leftovers", "ContainerFiles", "StoreReady", "PrimaryPlacement", "Patroni"],
  ...["DeletionGuard", "PgRole", "PgDatabase"],
];
const PROGRAM = `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, members: 1, deletionProtection: false });
  const owner = new PgUser("owner", { target: cluster, username: "owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database }).uri;
  export const caCertificate = cluster.caCertificate;
`;

let installed: PackedProject;
let project: PulumiProject;
beforeAll(async () => {
  installed = await packedProject(PROGRAM);
  project = await pulumiProject({ dir: installed.dir });
});
afterAll(async () => {
  await project?.remove();
  await installed?.remove();
});

test("installed from tarballs, a cluster comes up, serves, and leaves nothing", async () => {
  const cluster = await DockerCluster.named(NAME);
  await project.up();
  const { uri, caCertificate } = await project.outputs<{ uri: string; caCertificate: string }>();
  const rows = await withClient(uri, caCertificate, async (client) => {
    await client.query("create table t (id int)");
    return (await client.query<{ who: string }>("select current_user as who")).rows;
  });
  expect(rows).toEqual([{ who: "owner" }]);
  await project.expectNoChanges();

  const kinds = (await project.resources())
    .filter(({ inputs }) => inputs?.__provider !== undefined)
    .map(({ inputs }) => PROVIDER.exec(inputs?.__provider as string)?.[1]);
  // The kinds that a cluster on Docker, a user and a database use. A text in any other form has no kind.
  expect(new Set(kinds)).toEqual(new Set(OWN_KINDS));
  await project.destroy();
  expect(await cluster.remains()).toEqual([]);
});
