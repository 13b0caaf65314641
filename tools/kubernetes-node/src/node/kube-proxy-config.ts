import { ADDRESSES } from "../addresses";

/** https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
export function kubeProxyConfig(kubeconfig: string): string {
  return JSON.stringify(
    {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      clientConnection: { kubeconfig },
      hostnameOverride: ADDRESSES.node,
      mode: "iptables",
      clusterCIDR: ADDRESSES.podCidr,
      // Otherwise a NodePort would be open on every address of the machine.
      nodePortAddresses: [`${ADDRESSES.nodeIp}/32`],
      healthzBindAddress: `${ADDRESSES.nodeIp}:10256`,
      metricsBindAddress: `${ADDRESSES.nodeIp}:10249`,
      iptables: { localhostNodePorts: false, minSyncPeriod: "100ms" },
      // Keeps the machine's own limits of connection tracking.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    },
    undefined,
    2,
  );
}
