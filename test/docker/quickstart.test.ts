import { quickstartCommand } from "../support/contract/quickstart-command";
import { holdDefaultPorts } from "../support/default-ports";
import { DockerCluster } from "../support/docker-cluster";

jest.setTimeout(1_800_000);

let endTurn: (() => Promise<void>) | undefined;

quickstartCommand(async () => {
  endTurn = await holdDefaultPorts();
  const cluster = await DockerCluster.named("shop");
  return { options: [], remains: () => cluster.remains() };
});
// Runs after the test of the command, which removes the cluster.
afterAll(() => endTurn?.());
