import { names } from "../../names";
import type { ClusterSpec, KubernetesSpec } from "../../spec";
import { checkCidrs } from "../shared/cidr";
import { coresRow, memoryRow } from "../shared/container-size";
import { checkNetworkPolicy, connectionRows } from "./network";
import { checkOwnAnnotations, checkOwnLabels, isObjectName, namespaceRow, objectNameRow } from "./names";
import { checkScheduling } from "./scheduling";
import { repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

/** All Kubernetes settings except services, which are in services.ts. */
export function checkKubernetes(cluster: string, spec: Read<ClusterSpec>): Problem[] {
  const { kubernetes } = spec;
  if (kubernetes === undefined) return [];
  const { certificates, scheduling, networkPolicy, labels, annotations, gatewayResources } = kubernetes;
  return [
    ...problemsOf([
      namespaceRow("kubernetes.namespace", kubernetes.namespace),
      ...domainRows(cluster, kubernetes),
      objectNameRow("kubernetes.storage.storageClass", kubernetes.storage?.storageClass),
      objectNameRow("kubernetes.backupServiceAccount", kubernetes.backupServiceAccount),
      ...connectionRows("kubernetes.connection", kubernetes.connection),
      ...(["issuer", "clusterIssuer", "secret"] as const).map((field) =>
        objectNameRow(`kubernetes.certificates.${field}`, certificates?.[field]),
      ),
      ...ineffectiveRows(spec),
      coresRow("kubernetes.gatewayResources.cpu", gatewayResources?.cpu),
      memoryRow("kubernetes.gatewayResources.memory", gatewayResources?.memory, "32MB"),
      objectNameRow("kubernetes.passwordSecret", kubernetes.passwordSecret),
      ...pullSecretRows(kubernetes.imagePullSecrets ?? []),
    ]),
    ...checkCidrs("kubernetes.podCidrs", kubernetes.podCidrs),
    ...checkScheduling("kubernetes.scheduling", scheduling),
    ...checkNetworkPolicy("kubernetes.networkPolicy", networkPolicy),
    ...checkOwnLabels("kubernetes.labels", labels),
    ...checkOwnAnnotations("kubernetes.annotations", annotations),
    ...problemsOf([
      {
        when: annotations !== undefined && Object.hasOwn(annotations, "status"),
        path: "kubernetes.annotations.status",
        message: "is used by Patroni for the state of each member; choose another name",
      },
    ]),
  ];
}

/** DNS's limit. */
const LONGEST_HOST = 253;

function domainRows(cluster: string, { clusterDomain, namespace }: Read<KubernetesSpec>): Row[] {
  if (clusterDomain === undefined) return [];
  const isDomain = isObjectName(clusterDomain) && !/^[\d.]+$/.test(clusterDomain);
  // Without a written namespace the longest one is used, because the provider's is not known here.
  const host = [names.memberPod(cluster, "m16"), names.members(cluster), namespace ?? "n".repeat(63), "svc"].join(".");
  const over = host.length + 1 + clusterDomain.length - LONGEST_HOST;
  return [
    {
      when: !isDomain,
      path: "kubernetes.clusterDomain",
      message: `must be a DNS name in lower case without a dot first or last, such as "cluster.local", got ${show(clusterDomain)}`,
    },
    {
      when: isDomain && over > 0,
      path: "kubernetes.clusterDomain",
      message: `makes members' names longer than the ${LONGEST_HOST} characters of DNS, got ${clusterDomain.length} characters; shorten it by ${over}`,
    },
  ];
}

/** Settings without effect, with external certificates or on Kubernetes in general. */
function ineffectiveRows({ docker, kubernetes, tls, images }: Read<ClusterSpec>): Row[] {
  const { certificates } = kubernetes ?? {};
  return [
    {
      when: certificates?.secret !== undefined && tls?.validityDays !== undefined,
      path: "tls.validityDays",
      message: `has no effect with kubernetes.certificates.secret, whose certificate has a fixed validity, got ${tls?.validityDays}; leave it out`,
    },
    {
      when: docker === undefined && images?.etcd !== undefined,
      path: "images.etcd",
      message: `has no effect on Kubernetes, where Patroni uses ConfigMaps instead of etcd, got ${show(images?.etcd)}; leave it out`,
    },
  ];
}

function pullSecretRows(secrets: (string | undefined)[]): Row[] {
  const twice = repeated(secrets);
  return secrets.flatMap((secret, i) => {
    const path = under("kubernetes.imagePullSecrets", i);
    return [
      objectNameRow(path, secret),
      { when: twice.includes(i), path, message: `is listed twice, got ${show(secret)}; remove one` },
    ];
  });
}
