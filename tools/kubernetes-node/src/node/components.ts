import { join } from "node:path";
import { ADDRESSES } from "../addresses";
import type { ClusterFolders } from "../cluster-folders";

/** In start order. */
export const COMPONENTS = [
  "etcd",
  "containerd",
  "apiserver",
  "controller-manager",
  "scheduler",
  "kubelet",
  "proxy",
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The command line of every process of the node. `kubernetes` is the folder of the programs built here; Debian provides
 * the others.
 */
export function componentCommands(folders: ClusterFolders, kubernetes: string): Record<ComponentName, CommandLine> {
  const cert = (name: string) => join(folders.certificates, name);
  return {
    etcd: { program: "etcd", args: flags(etcdFlags(folders, cert)) },
    containerd: { program: "containerd", args: ["--config", join(folders.containerd, "config.toml")] },
    apiserver: { program: join(kubernetes, "kube-apiserver"), args: flags(apiserverFlags(cert)) },
    "controller-manager": {
      program: join(kubernetes, "kube-controller-manager"),
      args: flags(controllerManagerFlags(cert)),
    },
    scheduler: { program: join(kubernetes, "kube-scheduler"), args: flags(schedulerFlags(cert)) },
    kubelet: {
      program: join(kubernetes, "kubelet"),
      args: flags({
        config: join(folders.kubelet, "config.json"),
        kubeconfig: cert("kubelet.conf"),
        "root-dir": folders.kubelet,
        "cert-dir": join(folders.kubelet, "pki"),
        "hostname-override": ADDRESSES.node,
        "node-ip": ADDRESSES.nodeIp,
        "node-labels": `topology.kubernetes.io/zone=${ADDRESSES.node}`,
      }),
    },
    proxy: { program: join(kubernetes, "kube-proxy"), args: [`--config=${join(folders.root, "kube-proxy.json")}`] },
  };
}

type Flags = Readonly<Record<string, string | number | boolean>>;
type Certificates = (name: string) => string;

function flags(values: Flags): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

function etcdFlags(folders: ClusterFolders, cert: Certificates): Flags {
  const client = `https://${ADDRESSES.nodeIp}:${ADDRESSES.etcdPort}`;
  const peer = `https://${ADDRESSES.nodeIp}:${ADDRESSES.etcdPeerPort}`;
  return {
    name: "pgharbor",
    "data-dir": folders.etcd,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `pgharbor=${peer}`,
    "client-cert-auth": true,
    "trusted-ca-file": cert("etcd-ca.crt"),
    "cert-file": cert("etcd.crt"),
    "key-file": cert("etcd.key"),
    "peer-client-cert-auth": true,
    "peer-trusted-ca-file": cert("etcd-ca.crt"),
    "peer-cert-file": cert("etcd.crt"),
    "peer-key-file": cert("etcd.key"),
  };
}

/** Admission plugins that are on by default stay on: PodSecurity, ResourceQuota, PersistentVolumeClaimResize. */
function apiserverFlags(cert: Certificates): Flags {
  return {
    "bind-address": ADDRESSES.nodeIp,
    "advertise-address": ADDRESSES.nodeIp,
    "secure-port": ADDRESSES.apiPort,
    "etcd-servers": `https://${ADDRESSES.nodeIp}:${ADDRESSES.etcdPort}`,
    "etcd-cafile": cert("etcd-ca.crt"),
    "etcd-certfile": cert("etcd-client.crt"),
    "etcd-keyfile": cert("etcd-client.key"),
    "client-ca-file": cert("ca.crt"),
    "tls-cert-file": cert("apiserver.crt"),
    "tls-private-key-file": cert("apiserver.key"),
    "kubelet-certificate-authority": cert("ca.crt"),
    "kubelet-client-certificate": cert("apiserver-kubelet.crt"),
    "kubelet-client-key": cert("apiserver-kubelet.key"),
    "kubelet-preferred-address-types": "InternalIP",
    "service-account-issuer": `https://kubernetes.default.svc.${ADDRESSES.clusterDomain}`,
    "service-account-key-file": cert("service-accounts.pub"),
    "service-account-signing-key-file": cert("service-accounts.key"),
    "service-cluster-ip-range": ADDRESSES.serviceCidr,
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    // No API is aggregated. Without a separate authority, though, the API server warns and uses the clients' authority.
    "requestheader-client-ca-file": cert("front-proxy-ca.crt"),
    "requestheader-allowed-names": "front-proxy-client",
    "requestheader-username-headers": "X-Remote-User",
    "requestheader-group-headers": "X-Remote-Group",
    "requestheader-extra-headers-prefix": "X-Remote-Extra-",
    "anonymous-auth": false,
    "allow-privileged": true,
    profiling: false,
  };
}

function controllerManagerFlags(cert: Certificates): Flags {
  const own = cert("controller-manager.conf");
  return {
    kubeconfig: own,
    "authentication-kubeconfig": own,
    "authorization-kubeconfig": own,
    "bind-address": ADDRESSES.nodeIp,
    "leader-elect": false,
    "use-service-account-credentials": true,
    "service-account-private-key-file": cert("service-accounts.key"),
    "root-ca-file": cert("ca.crt"),
    "client-ca-file": cert("ca.crt"),
    "cluster-signing-cert-file": cert("ca.crt"),
    "cluster-signing-key-file": cert("ca.key"),
    "service-cluster-ip-range": ADDRESSES.serviceCidr,
    "cluster-cidr": ADDRESSES.podCidr,
    "allocate-node-cidrs": false,
    profiling: false,
  };
}

function schedulerFlags(cert: Certificates): Flags {
  const own = cert("scheduler.conf");
  return {
    kubeconfig: own,
    "authentication-kubeconfig": own,
    "authorization-kubeconfig": own,
    "bind-address": ADDRESSES.nodeIp,
    "leader-elect": false,
    profiling: false,
  };
}
