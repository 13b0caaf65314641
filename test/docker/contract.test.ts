import { names } from "@pgharbor/core";
import { holdDefaultPorts } from "../support/default-ports";
import { DockerCluster } from "../support/docker-cluster";
import { PROCESSES } from "../support/contract/contract-platform";
import { quickstartContract } from "../support/contract/quickstart-contract";

jest.setTimeout(1_800_000);

const NAME = "shop";

let endTurn: (() => Promise<void>) | undefined;

quickstartContract(async () => {
  endTurn = await holdDefaultPorts();
  const cluster = await DockerCluster.named(NAME);
  return {
    config: {},
    env: {},
    host: () => "127.0.0.1",
    addresses: async () => ({}),
    members: () => cluster.members(),
    leaderAddress: async () =>
      (await cluster.inspectAll()).get(await cluster.leader())!.NetworkSettings.Networks[names.membersNetwork(NAME)]
        .IPAddress,
    lives: () => cluster.lives(),
    readable: async () => {
      const all = await cluster.inspectAll();
      const readable: Record<string, string> = {
        inspect: JSON.stringify([...all.values()]),
        logs: await cluster.logs(),
      };
      for (const container of all.keys())
        readable[`processes of ${container}`] = await cluster.exec(container, "sh", "-c", PROCESSES);
      return readable;
    },
    remains: () => cluster.remains(),
    remove: async () => undefined,
  };
});
// Runs after the tests of the contract, which remove the cluster.
afterAll(() => endTurn?.());
