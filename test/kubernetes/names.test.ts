import { clientPod } from "../support/client-pod";
import { kubernetesForTests, RESTRICTED } from "../support/kubernetes-cluster";
import { withPulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const program = (namespace: string) => `
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 2, gateways: 1, deletionProtection: false,
});
const user = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", { target: cluster, owner: user.username });
const secret = { name: "shop-api" };
new ServiceBinding("shop-api", { user, database, service: "primary", sslRootCert: "/bindings/shop/ca.crt", secret });
`;

test("a pod with a binding's Secret connects to the database by the names in it, and to members by their names", async () => {
  const kubernetes = await kubernetesForTests();
  const within = async (namespace: string) => {
    const options = { program: program(namespace), env: { KUBECONFIG: kubernetes.kubeconfig } };
    await withPulumiProject(options, async (project) => {
      await project.up();
      const run = (command: string) =>
        kubernetes.kubectl(["-n", namespace, "exec", "client", "--", "sh", "-c", command]);
      await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(clientPod(namespace, { shop: "shop-api" })));
      await kubernetes.kubectl(["-n", namespace, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s"]);
      const answer = await run(`psql -XAt "$(cat /bindings/shop/uri)" -c 'select current_user, pg_is_in_recovery()'`);
      expect(answer.trim()).toBe("shop_owner|f");
      for (const member of ["m1", "m2"]) {
        const name = `shop-${member}-0.shop-members`;
        const address = (await run(`getent hosts ${name}`)).split(/\s+/)[0];
        const pod = await kubernetes.get<{ status: { podIP: string } }>(["pod", "-n", namespace, `shop-${member}-0`]);
        expect(address).toBe(pod.status.podIP);
      }
    });
  };
  await kubernetes.withNamespace("names", within, RESTRICTED);
});
