import { containersOf, planCluster, unitsOf, type ClusterPlan, type ClusterSpec } from "@pgharbor/core";
import * as pulumi from "@pulumi/pulumi";
import { createPlatform } from "../../packages/pgharbor/src/program/create-platform";
import { MockEngine } from "../support/mock-engine";
import { withMoreUnits } from "../support/more-units";
import { kindAndName, plannedHandled, plannedObjects } from "../support/planned-objects";

const images = { postgres: "own/postgres:1", gateway: "own/gateway:1", etcd: "own/etcd:1" };

/** Creates a plan with units that no argument can request. */
async function attach(spec: ClusterSpec) {
  const plan = withMoreUnits(planCluster("shop", spec));
  const engine = await MockEngine.start();
  const platform = createPlatform({ plan, spec, images, deletionProtection: true }, {});
  const { ready } = platform.createResources(deferredOf(plan));
  await new Promise((resolve) => ready.apply(resolve));
  return { plan, engine: await engine.settle() };
}

const deferredOf = ({ passwords, certificates, identities }: ClusterPlan) => ({
  passwords: Object.fromEntries(passwords.map((user) => [user, `password of ${user}`])),
  certificates: Object.fromEntries(
    [...certificates, ...identities].map(({ name }) => [
      name,
      { certificate: pulumi.output(`certificate of ${name}`), privateKey: pulumi.output(`key of ${name}`) },
    ]),
  ),
  authorities: Object.fromEntries(
    identities.map(({ authority }) => [authority, pulumi.output(`authority of ${authority}`)]),
  ),
  caCertificate: "ca",
});

describe("on Docker", () => {
  const CONTAINER = "docker:index/container:Container";
  const FILES = "pulumi-nodejs:dynamic/pgharbor:ContainerFiles";
  const made = attach({ docker: {}, members: 2 });

  test("every container of the plan is created, with its files", async () => {
    const { plan, engine } = await made;
    const planned = containersOf(unitsOf(plan)).map(({ name }) => name);
    expect(
      engine
        .of(CONTAINER)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...planned].sort());
    expect(
      engine
        .of(FILES)
        .map(({ inputs }) => inputs.containerName)
        .sort(),
    ).toEqual([...planned].sort());
    expect(engine.one(FILES, "shop-m1-exporter-files").inputs).toMatchObject({
      program: "exporter",
      plain: { "exporter.yml": "program: exporter\n" },
    });
  });

  test("a container beside a member has its networks and its data, which still belongs to the member", async () => {
    const { engine } = await made;
    const [member, beside] = ["shop-m2", "shop-m2-exporter"].map((name) => engine.one(CONTAINER, name).inputs);
    expect(beside).toMatchObject({ command: ["exporter"], networksAdvanced: member.networksAdvanced });
    expect(beside.volumes).toEqual(member.volumes);
    expect(engine.one("docker:index/volume:Volume", "shop-m2-data")).toMatchObject({
      protect: true,
      inputs: { labels: expect.arrayContaining([{ label: "pgharbor.role", value: "member" }]) as unknown },
    });
  });

  test("the next member waits for it, and another unit comes after all others", async () => {
    const { plan, engine } = await made;
    expect(engine.one(CONTAINER, "shop-m2").dependsOn).toEqual(
      expect.arrayContaining(["shop-m1-files", "shop-m1-exporter-files"]),
    );
    const before = [...plan.store, ...plan.members, ...plan.gateways].flatMap(({ containers }) => containers);
    expect(engine.one(CONTAINER, "shop-backup").dependsOn).toEqual(
      expect.arrayContaining(before.map(({ name }) => `${name}-files`)),
    );
  });
});

describe("on Kubernetes", () => {
  const FILES = "pulumi-nodejs:dynamic/pgharbor:PodFiles";
  const made = attach({ kubernetes: { namespace: "data" }, members: 2 });
  interface Pod {
    containers: { name: string; args: string[]; volumeMounts: { name: string; mountPath: string }[] }[];
    volumes: { name: string; secret?: { secretName: string } }[];
  }
  interface Workload {
    spec: {
      replicas: number;
      selector: { matchLabels: object };
      template: { metadata: { labels: object }; spec: Pod };
    };
  }
  const workload = async (type: string, name: string) =>
    ((await made).engine.one(`kubernetes:apps/v1:${type}`, name).inputs as unknown as Workload).spec;

  test("every unit of the plan is created, with the files of its containers", async () => {
    const { plan, engine } = await made;
    expect(engine.registered.map(kindAndName)).toEqual(
      expect.arrayContaining([...plannedObjects(plan), ...plannedHandled(plan), "StatefulSet shop-backup"]),
    );
    expect(engine.one(FILES, "shop-m1-exporter-files").inputs).toMatchObject({
      container: "exporter",
      program: "exporter",
      selector: engine.one(FILES, "shop-m1-files").inputs.selector,
    });
  });

  test("a container beside a member is in the member's pod, with its data and files, and in no gateway", async () => {
    const { template } = await workload("StatefulSet", "shop-m1");
    expect(template.spec.containers.map(({ name }) => name)).toEqual(["patroni", "lease-guard", "exporter"]);
    const beside = template.spec.containers[2];
    expect(beside).toMatchObject({
      args: ["exporter"],
      image: "own/postgres:1",
      securityContext: { runAsUser: 110, runAsGroup: 111, readOnlyRootFilesystem: true },
    });
    const [patroni] = template.spec.containers;
    expect(beside.volumeMounts).toContainEqual(patroni.volumeMounts.find(({ name }) => name === "data"));
    const files = template.spec.volumes.find(({ name }) => name === "exporter-files");
    expect(files?.secret?.secretName).toBe("shop-m1-exporter-files");
    for (const { name, volumeMounts } of template.spec.containers)
      for (const mount of volumeMounts)
        expect([name, template.spec.volumes.filter((volume) => volume.name === mount.name)]).toEqual([
          name,
          [expect.anything()],
        ]);
    const gateway = await workload("Deployment", "shop-gateway");
    expect(gateway.template.spec.containers.map(({ name }) => name)).not.toContain("exporter");
  });

  test("another unit is a workload of one pod, after the members, which allow its connections", async () => {
    const { engine } = await made;
    const { replicas, selector, template } = await workload("StatefulSet", "shop-backup");
    expect(replicas).toBe(1);
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(selector.matchLabels).toEqual({
      ...{ "pgharbor.cluster": "shop", "pgharbor.role": "backup", "pgharbor.unit": "shop-backup" },
    });
    expect(template.spec.containers.map(({ name, args }) => [name, args])).toEqual([["backup", ["backup"]]]);
    expect(template.spec.volumes.map(({ name }) => name)).toContain("shop-backup-spool");
    expect(engine.one(FILES, "shop-backup-files").dependsOn).toContain("shop-patroni");
    const policy = engine.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "shop-members").inputs.spec as {
      ingress: { from: object[] }[];
    };
    expect(policy.ingress[0].from).toContainEqual({ podSelector: { matchLabels: selector.matchLabels } });
  });

  test("the preflight includes all additional units", async () => {
    const { engine } = await made;
    const { pods, objects } = engine.one("pulumi-nodejs:dynamic/pgharbor:Preflight", "shop-preflight").inputs as {
      pods: { what: string; containers: { name: string }[] }[];
      objects: Record<string, string[]>;
    };
    expect(pods.map(({ what, containers }) => [what, containers.map(({ name }) => name)])).toEqual([
      ["member m1", ["patroni", "lease-guard", "exporter"]],
      ["member m2", ["patroni", "lease-guard", "exporter"]],
      ["gateways", ["haproxy", "pooler-primary", "pooler-replica"]],
      ["shop-backup", ["backup"]],
    ]);
    expect(objects.secrets).toEqual(expect.arrayContaining(["shop-m2-exporter-files", "shop-backup-files"]));
    expect(objects["count/statefulsets.apps"]).toEqual(["shop-m1", "shop-m2", "shop-backup"]);
    expect(objects["count/deployments.apps"]).toEqual(["shop-gateway"]);
  });
});
