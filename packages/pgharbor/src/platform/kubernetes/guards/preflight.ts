import type * as pulumi from "@pulumi/pulumi";
import {
  aliases,
  claimArguments,
  containersOf,
  KubernetesServiceType,
  names,
  parseBytes,
  patroniConfigMaps,
  unitsOf,
  type ClusterPlan,
} from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { Counted } from "../../../clients/kubernetes/capacity/surroundings";
import type { ClaimDemand, PodDemand } from "../../../clients/kubernetes/capacity/demand";
import { namesOfSecret } from "../external/certificates";
import { locationArgs, type KubernetesContext } from "../context/context";
import { gatewayDemand, gatewaySelector } from "../gateways/gateway";
import { memberDemand, memberSelector } from "../members/member-set";
import { unitSelector } from "../context/unit-labels";
import { otherDemand, otherUnits } from "../others/other-unit";
import { quantity, secretNameOf } from "../pods/pod-parts";
import { typeOf } from "../network/services";

/** Created before everything else: it reports what the Kubernetes cluster lacks before anything is created or changed. */
export class Preflight extends HandledResource<"Preflight"> {
  constructor(context: KubernetesContext, plan: ClusterPlan, opts: pulumi.CustomResourceOptions) {
    const { model } = context;
    const { scheduling, imagePullSecrets = [] } = context.spec;
    const ofType = (type: KubernetesServiceType) =>
      plan.model.services.filter((service) => typeOf(context, service) === type).map((service) => service.fullName);
    super(
      "Preflight",
      `${model.name}-preflight`,
      {
        ...locationArgs(context),
        cluster: model.name,
        claims: claimsOf(context),
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

function claimsOf({ model, spec }: KubernetesContext): ClaimDemand[] {
  const members = model.members.map((member) => ({
    what: "the volume of a member",
    name: names.memberVolume(model.name, member.name),
    size: quantity(parseBytes(model.resources.disk)),
    storageClass: spec.storage?.storageClass,
    ...claimArguments(),
  }));
  const repositories = (model.backups?.repositories ?? []).flatMap(({ name, storage }) => {
    if (storage.type !== "volume") return [];
    return {
      what: "the volume of a repository",
      name: storage.name,
      size: quantity(storage.size),
      storageClass: storage.storageClass,
      ...claimArguments(name),
    };
  });
  return [...members, ...repositories];
}

/** An external certificate is checked before anything is created. */
function certificateOf(context: KubernetesContext, plan: ClusterPlan) {
  const secret = context.spec.certificates?.secret;
  return secret === undefined
    ? undefined
    : { secret, names: namesOfSecret(context, plan.certificates, plan.model.services) };
}

function podsOf(context: KubernetesContext, plan: ClusterPlan): PodDemand[] {
  const members = plan.members.map((unit): PodDemand => {
    const { name } = unit.member;
    const labels = memberSelector(context, name);
    return { what: `member ${name}`, argument: "resources", labels, replicas: 1, containers: memberDemand(unit) };
  });
  const gateways = plan.gateways.map((unit): PodDemand => ({
    what: "gateways",
    argument: "kubernetes.gatewayResources",
    labels: gatewaySelector(context, unit.name),
    replicas: context.model.gateways,
    containers: gatewayDemand(context, unit),
  }));
  const others = otherUnits(plan).map((unit): PodDemand => ({
    what: unit.name,
    argument: "resources",
    labels: unitSelector(context, unit),
    replicas: 1,
    containers: otherDemand(unit),
  }));
  return [...members, ...gateways, ...others];
}

/** Objects of the cluster by kind, in the spelling of ResourceQuotas. */
function objectsOf(context: KubernetesContext, plan: ClusterPlan): Record<Counted, string[]> {
  const { name: cluster, members } = context.model;
  return {
    services: [
      names.members(cluster),
      ...members.map((member) => names.member(cluster, member.name)),
      aliases.poolers(cluster),
      aliases.haproxy(cluster),
      ...plan.backups.map(({ name }) => name),
      ...plan.model.services.map((service) => service.fullName),
    ],
    secrets: secretsOf(context, plan),
    configmaps: Object.values(patroniConfigMaps(cluster)),
    "count/statefulsets.apps": [
      ...members.map((member) => names.member(cluster, member.name)),
      ...otherUnits(plan).map(({ name }) => name),
    ],
    "count/deployments.apps": plan.gateways.map(({ name }) => name),
  };
}

/** Secrets of containers' files, of monitoring, and of certificates that cert-manager issues. */
function secretsOf({ model, spec }: KubernetesContext, plan: ClusterPlan): string[] {
  const { issuer, clusterIssuer } = spec.certificates ?? {};
  const monitoring = names.monitoring(model.name);
  return [
    ...containersOf(unitsOf(plan)).map(secretNameOf),
    ...plan.identities.filter(({ name }) => name === monitoring).map(({ name }) => name),
    ...((issuer ?? clusterIssuer) ? plan.certificates.map(({ name }) => names.issuedSecret(name)) : []),
  ];
}
