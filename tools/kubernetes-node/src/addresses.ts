/** Addresses of the cluster. All are on bridges without ports, so no other machine can connect to it. */
export const ADDRESSES = {
  node: "pgharbor-node",
  /** Every component listens here and not on 127.0.0.1, so that none conflicts with a server of the user. */
  nodeIp: "10.77.0.1",
  nodeBridge: "pgharbor-node0",
  podBridge: "pgharbor-pod0",
  podCidr: "10.244.0.0/24",
  podGateway: "10.244.0.1",
  serviceCidr: "10.96.0.0/16",
  /** By Kubernetes' rule the API has the first address of the range; by custom DNS has the tenth. */
  apiServiceIp: "10.96.0.1",
  dnsServiceIp: "10.96.0.10",
  apiPort: 6443,
  etcdPort: 12379,
  etcdPeerPort: 12380,
  clusterDomain: "cluster.local",
  forwardChain: "PGHARBOR-FWD",
} as const;

export const API_SERVER = `https://${ADDRESSES.nodeIp}:${ADDRESSES.apiPort}`;
