import { quickstartCommand } from "../support/contract/quickstart-command";
import { DockerCluster } from "../support/docker-cluster";

jest.setTimeout(1_800_000);

quickstartCommand(async () => {
  const cluster = await DockerCluster.named("shop");
  return { options: [], remains: () => cluster.remains() };
});
