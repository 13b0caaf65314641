/** The Kubernetes fields with types and ranges. */
import {
  ExternalTrafficPolicy,
  KubernetesServiceType,
  Spread,
  type GatewayResourcesSpec,
  type KubernetesCertificatesSpec,
  type KubernetesConnectionSpec,
  type KubernetesServiceSpec,
  type KubernetesSpec,
  type KubernetesStorageSpec,
  type NetworkClientSpec,
  type NetworkPolicySpec,
  type SchedulingSpec,
  type TolerationSpec,
} from "../spec";
import { cores, exactlyOne, fields, flag, listOf, mapOf, oneOf, text, whole, type Read, type Reader } from "./read";

/** An invalid value is read as the one with which all other fields have an effect, so that it causes no further problem. */
const oneOfOr =
  <T extends string>(choices: readonly T[], otherwise: Read<T>): Reader<T> =>
  (path, value, problems) =>
    oneOf(choices)(path, value, problems) ?? otherwise;
const serviceType = oneOfOr(Object.values(KubernetesServiceType), KubernetesServiceType.LoadBalancer);

/** Node ports in the API server's default --service-node-port-range. */
export const NODE_PORTS = [30_000, 32_767] as const;

export const readKubernetesService: Reader<KubernetesServiceSpec> = fields<KubernetesServiceSpec>({
  type: serviceType,
  nodePort: whole(...NODE_PORTS),
  annotations: mapOf(text),
  sourceRanges: listOf(text),
  externalTrafficPolicy: oneOf(Object.values(ExternalTrafficPolicy)),
});

const readScheduling = fields<SchedulingSpec>({
  spread: oneOf(Object.values(Spread)),
  topologyKey: text,
  nodeSelector: mapOf(text),
  tolerations: listOf(
    fields<TolerationSpec>({
      key: text,
      operator: oneOf(["Equal", "Exists"]),
      value: text,
      effect: oneOfOr(["NoSchedule", "PreferNoSchedule", "NoExecute"], "NoExecute"),
      tolerationSeconds: whole(0, 31_536_000),
    }),
  ),
  priorityClass: text,
});

const readPeers = listOf(
  exactlyOne(fields<NetworkClientSpec>({ namespace: text, podLabels: mapOf(text), cidr: text }), [
    "namespace",
    "podLabels",
    "cidr",
  ]),
);

export const readKubernetes: Reader<KubernetesSpec> = fields<KubernetesSpec>({
  namespace: text,
  clusterDomain: text,
  podCidrs: listOf(text),
  storage: fields<KubernetesStorageSpec>({ storageClass: text, retainOnDelete: flag, retainOnScaleDown: flag }),
  serviceType,
  scheduling: readScheduling,
  gatewayResources: fields<GatewayResourcesSpec>({ cpu: cores, memory: text }),
  networkPolicy: fields<NetworkPolicySpec>({
    enabled: flag,
    clients: readPeers,
    monitoring: readPeers,
    supportingServiceEgress: readPeers,
    apiServer: listOf(text),
    apiServerPorts: listOf(whole(1, 65_535)),
  }),
  connection: fields<KubernetesConnectionSpec>({ context: text, address: text }),
  certificates: exactlyOne(fields<KubernetesCertificatesSpec>({ issuer: text, clusterIssuer: text, secret: text }), [
    "issuer",
    "clusterIssuer",
    "secret",
  ]),
  passwordSecret: text,
  imagePullSecrets: listOf(text),
  backupServiceAccount: text,
  labels: mapOf(text),
  annotations: mapOf(text),
});
