import { quickstartCommand } from "../support/contract/quickstart-command";
import { quickstartOn } from "../support/contract/quickstart-on-kubernetes";
import { kubernetesForTests } from "../support/kubernetes-cluster";

jest.setTimeout(1_200_000);

quickstartCommand(async () => quickstartOn(await kubernetesForTests(), { options: ["--kubernetes"] }));
