import { failureOf } from "../support/connect";
import { kubernetesForTests, RESTRICTED } from "../support/kubernetes-cluster";
import { pulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const program = (namespace: string, timezone: string) => `
import { PostgresCluster } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 1, gateways: 1, deletionProtection: false,
  parameters: { timezone: ${JSON.stringify(timezone)} },
});
export const status = cluster.status;
`;

test("a parameter that keeps Postgres from starting ends the update, and the corrected program continues from there", async () => {
  const kubernetes = await kubernetesForTests();
  await kubernetes.withNamespace(
    "v-start",
    async (namespace) => {
      const env = { KUBECONFIG: kubernetes.kubeconfig };
      const project = await pulumiProject({ program: program(namespace, "Europe/Berlim"), env });
      try {
        const start = Date.now();
        const message = await failureOf(project.up());
        process.stderr.write(`refused after ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
        expect(message).toMatch(
          /shop-m1-0\/patroni in namespace .*: the container does not start \(CrashLoopBackOff\)/,
        );
        expect(message).toMatch(/got status 1 at its end \(Error\), 3 times: \S/);
        expect(Date.now() - start).toBeLessThan(180_000);
        await project.write(program(namespace, "Europe/Berlin"));
        await project.up();
        await project.expectNoChanges();
        const shown = ["-n", namespace, "exec", "shop-m1-0", "-c", "patroni", "--", "psql", "-XAtc", "show timezone"];
        expect((await kubernetes.kubectl(shown)).trim()).toBe("Europe/Berlin");
      } catch (error) {
        process.stderr.write(await kubernetes.kubectl(["-n", namespace, "get", "pods"]));
        process.stderr.write(
          await kubernetes.kubectl(["-n", namespace, "logs", "shop-m1-0", "-c", "patroni", "--tail=40"]),
        );
        throw error;
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  );
});
