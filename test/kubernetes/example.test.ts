import * as path from "node:path";
import { kubernetesForTests } from "../support/kubernetes-cluster";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const EXAMPLE = path.resolve(__dirname, "../../examples/kubernetes");

/** The examples for Docker are tested in `test/engine`. */
test("the example for Kubernetes can be previewed and has no type error", async () => {
  const { kubeconfig } = await kubernetesForTests();
  await withPulumiProject({ dir: EXAMPLE, typeCheck: true, env: { KUBECONFIG: kubeconfig } }, async (project) => {
    const { steps } = await project.previewJson();
    expect(steps.length).toBeGreaterThan(10);
  });
});
