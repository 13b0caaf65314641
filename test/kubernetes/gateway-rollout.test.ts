import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

/**
 * One service for each member; the server's address shows which member a client reached. `first` is a pooled service
 * that is listed before them.
 */
const program = (namespace: string, withFirst: boolean) => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const own = (name: string, member: string) => ({
    name, port: 5450, checkPath: "/health", selector: "[? name == \`" + member + "\`]", pool: { size: 3 },
  });
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 2, deletionProtection: false,
    services: [${withFirst ? '{ name: "first", port: 5449, checkPath: "/health", pool: { size: 3 } },' : ""} own("m-one", "m1"), own("m-two", "m2")],
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding(service, {
    user: owner, database, service, internal: true, sslRootCert: "/etc/pgharbor/current/ca.crt",
  }).uri;
  export const one = bind("m-one");
  export const two = bind("m-two");
`;

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

test("services keep their servers while gateways are replaced because another pooled service is removed and added", () =>
  kubernetes.withNamespace(
    "rollout",
    async (namespace) => {
      const project = await pulumiProject({
        program: program(namespace, true),
        env: { KUBECONFIG: kubernetes.kubeconfig },
      });
      const inMember = (command: string) =>
        kubernetes.kubectl(["-n", namespace, "exec", "shop-m1-0", "-c", "patroni", "--", "sh", "-c", command]);
      const gateways = async () =>
        Object.keys(await kubernetes.lives(namespace)).filter((pod) => pod.startsWith("shop-gateway-"));
      const addressOf = (pod: string) =>
        kubernetes.kubectl(["-n", namespace, "get", "pod", pod, "-o", "jsonpath={.status.podIP}"]);
      try {
        await project.up();
        const uris = await project.outputs<{ one: string; two: string }>();
        const expected = { one: await addressOf("shop-m1-0"), two: await addressOf("shop-m2-0") };
        const before = await gateways();
        const asking = inMember(repeatedQueries(uris));
        await project.write(program(namespace, false));
        await project.up();
        const between = await gateways();
        await project.write(program(namespace, true));
        await project.up();
        await inMember("touch /tmp/enough");
        const answers = (await asking).trim().split("\n");
        // Both changes replaced all gateway pods, so the clients could have noticed.
        expect(new Set([...before, ...between, ...(await gateways())]).size).toBe(6);
        expect(answers.length).toBeGreaterThan(100);
        const wrong = answers.filter(
          (line) => !Object.entries(expected).some(([name, ip]) => line === `${name} ${ip}`),
        );
        expect(wrong).toEqual([]);
        await project.destroy();
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));

/** Opens a new connection each time, until `enough` is true, for ten minutes at most. */
const repeatedQueries = (uris: Record<string, string>): string => `
  end=$(($(date +%s) + 600))
  while [ ! -e /tmp/enough ] && [ "$(date +%s)" -lt "$end" ]; do
    ${Object.entries(uris)
      .map(
        ([name, uri]) =>
          `echo "${name} $(PGCONNECT_TIMEOUT=20 psql -XAtc 'select inet_server_addr()' '${uri}' 2>&1 | tr '\\n' ' ' | sed 's/ $//')"`,
      )
      .join("\n    ")}
    sleep 0.2
  done`;
