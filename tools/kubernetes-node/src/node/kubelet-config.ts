import { join } from "node:path";
import { ADDRESSES } from "../addresses";
import type { ClusterFolders } from "../cluster-folders";

/** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
export function kubeletConfig(folders: ClusterFolders): string {
  const certificate = (name: string) => join(folders.certificates, name);
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      address: ADDRESSES.nodeIp,
      readOnlyPort: 0,
      healthzPort: 0,
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: certificate("ca.crt") },
      },
      authorization: { mode: "Webhook" },
      tlsCertFile: certificate("kubelet-server.crt"),
      tlsPrivateKeyFile: certificate("kubelet-server.key"),
      clusterDNS: [ADDRESSES.dnsServiceIp],
      clusterDomain: ADDRESSES.clusterDomain,
      // Pods use only the cluster's DNS, because they cannot connect to the host's servers.
      resolvConf: join(folders.root, "resolv.conf"),
      containerRuntimeEndpoint: `unix://${folders.containerdSocket}`,
      // A container or a minimal machine has no systemd. The cgroupfs driver also works with systemd.
      cgroupDriver: "cgroupfs",
      failCgroupV1: false,
      failSwapOn: false,
      // Updates the files of a changed Secret or ConfigMap within seconds instead of about a minute.
      syncFrequency: "2s",
      nodeStatusUpdateFrequency: "5s",
      podLogsDir: folders.podLogs,
      volumePluginDir: join(folders.kubelet, "volume-plugins"),
      makeIPTablesUtilChains: false,
      // Images must not be garbage-collected, because they are imported once and cannot be pulled.
      imageGCHighThresholdPercent: 100,
      evictionHard: { "memory.available": "100Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi" },
    },
    undefined,
    2,
  );
}
