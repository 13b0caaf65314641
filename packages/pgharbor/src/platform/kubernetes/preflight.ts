import type * as pulumi from "@pulumi/pulumi";
import {
  aliases,
  KubernetesServiceType,
  names,
  parseBytes,
  patroniConfigMaps,
  type ClusterPlan,
  type ClusterSpec,
} from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import type { PodDemand } from "../../reach/kubernetes/demand";
import { namesOfSecret } from "./brought-certificates";
import { placeOf, type KubernetesContext } from "./context";
import { gatewayDemand, gatewaySelector } from "./gateway";
import { memberDemand, memberSelector } from "./member-set";
import { quantity, secretNameOf } from "./pod-parts";
import { typeOf } from "./services";

/** Goes before everything of a cluster: what Kubernetes lacks for it is said before anything is made or touched. */
export class Preflight extends HandledResource {
  constructor(context: KubernetesContext, plan: ClusterPlan, spec: ClusterSpec, opts: pulumi.CustomResourceOptions) {
    const { facts } = context;
    const { storage, scheduling, imagePullSecrets = [] } = context.spec;
    const ofType = (type: KubernetesServiceType) =>
      plan.services.filter((service) => typeOf(context, service) === type).map((service) => service.fullName);
    super(
      "Preflight",
      `${facts.name}-preflight`,
      {
        ...placeOf(context),
        cluster: facts.name,
        storageClass: storage?.storageClass,
        claims: facts.members.map((member) => names.memberVolume(facts.name, member.name)),
        size: quantity(parseBytes(spec.resources?.disk ?? "8GB")),
        priorityClass: scheduling?.priorityClass,
        imagePullSecrets,
        certificate: certificateOf(context, plan),
        pods: podsOf(context, plan),
        objects: objectsOf(context, plan),
        nodePorts: ofType(KubernetesServiceType.NodePort),
        loadBalancers: ofType(KubernetesServiceType.LoadBalancer),
      },
      opts,
    );
  }
}

/** One of the person's own is looked at before anything is made. */
function certificateOf(context: KubernetesContext, plan: ClusterPlan) {
  const secret = context.spec.certificates?.secret;
  return secret === undefined ? undefined : { secret, names: namesOfSecret(context, plan.certificates, plan.services) };
}

function podsOf(context: KubernetesContext, plan: ClusterPlan): PodDemand[] {
  const { facts } = context;
  const gateway = names.gateway(facts.name);
  const members = facts.members.map(({ name }): PodDemand => {
    const planned = plan.containers.find((container) => container.name === names.member(facts.name, name))!;
    const labels = memberSelector(context, name);
    return { what: `member ${name}`, argument: "resources", labels, replicas: 1, containers: memberDemand(planned) };
  });
  const containers = gatewayDemand(context, gateway, gatewayContainersOf(plan));
  return [
    ...members,
    {
      what: "gateways",
      argument: "kubernetes.gatewayResources",
      labels: gatewaySelector(context, gateway),
      replicas: facts.gateways,
      containers,
    },
  ];
}

const gatewayContainersOf = (plan: ClusterPlan) => plan.containers.filter(({ program }) => program !== "patroni");

/** What is made with the cluster, by the names that ResourceQuotas have for kinds. */
function objectsOf(context: KubernetesContext, plan: ClusterPlan): Record<string, string[]> {
  const { name: cluster, members } = context.facts;
  return {
    services: [
      names.members(cluster),
      ...members.map((member) => names.member(cluster, member.name)),
      aliases.poolers(cluster),
      aliases.haproxy(cluster),
      ...plan.services.map((service) => service.fullName),
    ],
    secrets: secretsOf(context, plan),
    configmaps: Object.values(patroniConfigMaps(cluster)),
    "count/statefulsets.apps": members.map((member) => names.member(cluster, member.name)),
    "count/deployments.apps": [names.gateway(cluster)],
  };
}

/** A container's files; on a person's wish what monitoring asks with, and what cert-manager issues. */
function secretsOf({ facts, spec }: KubernetesContext, plan: ClusterPlan): string[] {
  const { issuer, clusterIssuer } = spec.certificates ?? {};
  const monitoring = names.monitoring(facts.name);
  return [
    ...plan.containers.map(secretNameOf),
    ...plan.identities.filter(({ name }) => name === monitoring).map(({ name }) => name),
    ...((issuer ?? clusterIssuer) ? plan.certificates.map(({ name }) => names.issuedSecret(name)) : []),
  ];
}
