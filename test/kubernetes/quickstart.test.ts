import { quickstartCommand } from "../support/contract/quickstart-command";
import { kubernetesForTests } from "../support/kubernetes-cluster";

jest.setTimeout(600_000);

quickstartCommand(async () => {
  const kubernetes = await kubernetesForTests();
  const namespace = "namespace/pgharbor-quickstart";
  return {
    options: ["--kubernetes"],
    remains: async () => {
      const found = await kubernetes.kubectl(["get", namespace, "--ignore-not-found", "-o", "name"]);
      return found.split("\n").filter((name) => name !== "");
    },
  };
});
