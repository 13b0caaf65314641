import { ADDRESSES } from "../addresses";
import { clusterFolders } from "../cluster-folders";
import { cniConfig } from "./cni-config";
import { componentCommands, COMPONENTS } from "./components";
import { containerdConfig } from "./containerd-config";
import { CONTEXT, kubeconfig } from "./kubeconfig";
import { kubeProxyConfig } from "./kube-proxy-config";
import { kubeletConfig } from "./kubelet-config";

const folders = clusterFolders("/state/cluster");

test("a kubeconfig names one context and holds its certificates", () => {
  const config = JSON.parse(kubeconfig({ user: "admin", authority: "A", certificate: "C", key: "K" })) as {
    "current-context": string;
    clusters: { cluster: Record<string, string> }[];
    users: { name: string; user: Record<string, string> }[];
  };
  expect(config["current-context"]).toBe(CONTEXT);
  expect(config.clusters[0].cluster).toEqual({
    server: "https://10.77.0.1:6443",
    "certificate-authority-data": "QQ==",
  });
  expect(config.users).toEqual([
    { name: "admin", user: { "client-certificate-data": "Qw==", "client-key-data": "Sw==" } },
  ]);
});

test("the kubelet trusts nobody anonymous, runs on both versions of cgroups and never collects an image", () => {
  const config = JSON.parse(kubeletConfig(folders)) as Record<string, unknown>;
  expect(config).toMatchObject({
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: "/state/cluster/certificates/ca.crt" } },
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    imageGCHighThresholdPercent: 100,
    clusterDNS: [ADDRESSES.dnsServiceIp],
  });
});

test("no component listens on an address of the machine's own", () => {
  const text = [
    JSON.stringify(componentCommands(folders, "/programs")),
    kubeletConfig(folders),
    kubeProxyConfig("/state/proxy.conf"),
  ].join("\n");
  expect(text).not.toMatch(/127\.0\.0\.1|0\.0\.0\.0/);
  expect(JSON.parse(kubeProxyConfig("/state/proxy.conf"))).toMatchObject({ nodePortAddresses: ["10.77.0.1/32"] });
});

test("every file of a component lies below the cluster's folder or the programs'", () => {
  const commands = componentCommands(folders, "/programs");
  expect(Object.keys(commands)).toEqual([...COMPONENTS]);
  const paths = Object.values(commands).flatMap(({ args }) =>
    args.flatMap((arg) => arg.match(/(?<==|^)\/[^,]*/g) ?? []),
  );
  expect(paths.length).toBeGreaterThan(20);
  for (const path of paths) expect(path).toMatch(/^\/(state\/cluster|programs)\//);
});

test("PodSecurity and the other default admission plugins are not switched off", () => {
  const { args } = componentCommands(folders, "/programs").apiserver;
  expect(args).toContain("--enable-admission-plugins=NodeRestriction");
  expect(args.join(" ")).not.toContain("disable-admission-plugins");
});

test("containerd keeps everything that is mounted below the cluster's folder", () => {
  const config = containerdConfig(folders, "docker.io/pgharbor/pause:abc");
  expect(config).toContain(`state = "/state/cluster/containerd/state"`);
  expect(config).toContain("netns_mounts_under_state_dir = true");
  expect(config).toContain(`sandbox_image = "docker.io/pgharbor/pause:abc"`);
});

test("pods get their addresses from the range that the bridge has", () => {
  const { plugins } = JSON.parse(cniConfig(folders)) as {
    plugins: { bridge: string; ipam: { ranges: { subnet: string }[][] } }[];
  };
  expect(plugins[0].bridge).toBe(ADDRESSES.podBridge);
  expect(plugins[0].ipam.ranges).toEqual([[{ subnet: ADDRESSES.podCidr }]]);
  // The kernel's limit for the name of a network link.
  for (const link of [ADDRESSES.podBridge, ADDRESSES.nodeBridge]) expect(link.length).toBeLessThanOrEqual(15);
});
