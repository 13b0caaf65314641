import type { KubernetesForTests } from "../kubernetes-cluster";
import type { QuickstartPlatform } from "./quickstart-command";

/** The quickstart's namespace is deleted with everything in it. */
export const quickstartOn = (
  kubernetes: KubernetesForTests,
  settings: Pick<QuickstartPlatform, "options" | "env">,
): QuickstartPlatform => ({
  ...settings,
  remains: async () => {
    const found = await kubernetes.kubectl([
      "get",
      "namespace/pgharbor-quickstart",
      "--ignore-not-found",
      "-o",
      "name",
    ]);
    return found.split("\n").filter((name) => name !== "");
  },
});
