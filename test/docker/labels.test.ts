import { DockerCluster, newestTimeline } from "../support/docker-cluster";
import { freePorts } from "../support/free-ports";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { sayReport, Writers } from "../support/writers";

jest.setTimeout(900_000);

const NAME = "tlabels";
const SERVICES = ["primary", "replica", "default", "offline"];
const program = (ports: number[], labels: Record<string, string>, members = 3): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { labels: ${JSON.stringify(labels)} }, members: ${members}, deletionProtection: false,
    services: ${JSON.stringify(SERVICES.map((name, i) => ({ name, port: ports[i] })))},
  });
  const owner = new PgUser("owner", { target: cluster, username: "writer" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
  export const uris = { primary: bind("primary"), default: bind("default") };
  export const caCertificate = cluster.caCertificate;
`;

let ports: number[];
let project: PulumiProject;
let cluster: DockerCluster;
let writers: Writers;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  // The ports are fixed, so that a replaced gateway keeps them.
  ports = await freePorts(SERVICES.length);
  project = await pulumiProject({ program: program(ports, { team: "shop" }) });
  await project.up();
  const { uris, caCertificate } = await project.outputs<{
    uris: { primary: string; default: string };
    caCertificate: string;
  }>();
  writers = await Writers.start({ uri: uris.primary, direct: uris.default, ca: caCertificate });
});
afterAll(async () => {
  await writers?.stop();
  await project?.remove();
});

const filters = { label: [`pgharbor.cluster=${NAME}`] };
/** Returns the volumes and networks, with their ids, so that a replacement shows. */
const lasting = async (): Promise<unknown> => {
  const networks = await cluster.docker.listNetworks({ filters });
  const { Volumes } = await cluster.docker.listVolumes({ filters });
  return {
    networks: networks.map(({ Id, Name, Labels }) => ({ Id, Name, Labels })).sort((a, b) => (a.Name < b.Name ? -1 : 1)),
    volumes: Volumes.map(({ Name, Labels }) => ({ Name, Labels })).sort((a, b) => (a.Name < b.Name ? -1 : 1)),
  };
};
/** Returns the start time of each container, by its name without the cluster's name. */
const starts = async (): Promise<[string, number][]> =>
  [...(await cluster.inspectAll())]
    .map(([name, { State }]): [string, number] => [name.slice(NAME.length + 1), Date.parse(State.StartedAt)])
    .sort(([, a], [, b]) => a - b);
const timeline = async (): Promise<number> => newestTimeline(await cluster.members());

test("another label reaches one container after the other, and neither the network nor a volume", async () => {
  const before = await lasting();
  expect(before).toMatchObject({
    networks: Array(3).fill({ Labels: { team: "shop" } }),
    volumes: Array(5).fill({ Labels: { team: "shop" } }),
  });
  const since = await timeline();
  await writers.report();
  await project.write(program(ports, { team: "shop", tier: "gold" }));
  const { steps } = await project.previewJson();
  const changed = steps.filter(({ op }) => op !== "same").map(({ urn }) => urn.split("::")[2].split("$").pop());
  expect(changed).toContain("docker:index/container:Container");
  expect(changed.filter((type) => /network|volume/i.test(type!))).toEqual([]);
  await project.up();
  await writers.untilWriting(300);
  const report = await writers.report();
  sayReport("another label", report);

  expect(await lasting()).toEqual(before);
  const infos = [...(await cluster.inspectAll()).values()];
  expect(infos.map((info) => info.Config.Labels.tier)).toEqual(Array(7).fill("gold"));
  // The units of a rollout: the store, the members, and each gateway as a whole.
  const order = (await starts()).map(([name]) => name);
  expect(order.slice(0, 1)).toEqual(["etcd-1"]);
  expect(order.slice(1, 4)).toEqual(["m1", "m2", "m3"]);
  expect((await timeline()) - since).toBeLessThanOrEqual(2);
  expect(report.lost).toEqual([]);
  await project.expectNoChanges();
});

test("fewer members than quorum commits need are a warning of the preview, and no more one when they are gone", async () => {
  const without = "with 2, commits no longer wait for a replica";
  expect((await project.preview()).stdout).not.toContain(without);
  await project.write(program(ports, { team: "shop", tier: "gold" }, 2));
  expect((await project.preview()).stdout.replace(/\s+/g, " ")).toContain(without);
  await project.up();
  expect((await project.preview("--expect-no-changes")).stdout).not.toContain(without);
});
