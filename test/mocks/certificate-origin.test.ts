import { certificateOrigin } from "../../packages/pgharbor/src/dynamic/guards/certificate-origin";
import { PostgresCluster } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";

type From = "own" | "issuer" | "secret";
const failures = async (was: From | undefined, is: From) => {
  const olds = was === undefined ? {} : { cluster: "shop", from: was };
  return (await certificateOrigin.check!(olds as never, { cluster: "shop", from: is })).failures;
};

test("a running cluster's certificates cannot change their origin", async () => {
  expect(await failures("own", "issuer")).toEqual([
    {
      property: "kubernetes.certificates",
      reason: expect.stringContaining("cannot change from the cluster's own authority") as string,
    },
  ]);
  expect(await failures("issuer", "secret")).toHaveLength(1);
  expect(await failures("issuer", "issuer")).toEqual([]);
  expect(await failures(undefined, "secret")).toEqual([]);
});

test.each([
  [undefined, "own"],
  [{ issuer: "a" }, "issuer"],
  [{ clusterIssuer: "a" }, "issuer"],
])("%j is recorded once the members exist", async (certificates, from) => {
  const engine = await MockEngine.start({ preview: true });
  new PostgresCluster("shop", { kubernetes: { namespace: "data", certificates }, members: 1 });
  await engine.settle();
  const made = engine.one("pulumi-nodejs:dynamic/pgharbor:CertificateOrigin", "shop-certificate-origin");
  expect(made.inputs).toEqual({ cluster: "shop", from });
  const state = engine.of("pulumi-nodejs:dynamic/pgharbor:Patroni")[0];
  expect(made.dependsOn).toEqual([state.name]);
});
