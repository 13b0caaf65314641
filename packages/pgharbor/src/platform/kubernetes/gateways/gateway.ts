import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { aliases, labelKeys, sidecarsOf, type GatewayUnit } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import { SKIP_PROVIDER_AWAIT, versionOf } from "../pods/await";
import { locationArgs, type KubernetesContext } from "../context/context";
import { createDisruptionBudget } from "../pods/disruption-budget";
import { labelsOf, selectorOf, selectorText, type Labels } from "../context/metadata";
import {
  haproxyContainer,
  haproxyResources,
  poolerContainer,
  poolerResources,
  stopSeconds,
} from "./gateway-containers";
import { createDeployment } from "../pods/deployment";
import { createPodFiles, type PodFiles } from "../pods/pod-files";
import { commonPodSpec, restrictedPod, scratchVolume, type PodSpec } from "../pods/pod-parts";
import { containerName, plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";
import { spreadOf } from "../pods/spread";
import type { DeferredOutputs } from "../../deferred-values";

/** The gateways of a cluster, or of an added service: replicas of HAProxy and poolers. */
export interface Gateway {
  deployment: k8s.apps.v1.Deployment;
  files: PodFiles[];
  ready: GatewayReady;
}

/** Waits until all pods of a gateway Deployment are updated and accept connections. */
class GatewayReady extends HandledResource<"GatewayReady"> {
  constructor(
    context: KubernetesContext,
    name: string,
    deployment: k8s.apps.v1.Deployment,
    isPaused: boolean,
    opts: pulumi.CustomResourceOptions,
  ) {
    const { name: cluster } = context.model;
    const selector = selectorText(gatewaySelector(context, name));
    const version = versionOf(deployment);
    const pausedBy = isPaused ? { cluster, name: aliases.poolers(cluster) } : undefined;
    super(
      "GatewayReady",
      `${name}-ready`,
      { ...locationArgs(context), deployment: name, selector, version, pausedBy },
      opts,
    );
  }
}

/** Selects the pods of one gateway Deployment. */
export const gatewaySelector = (context: KubernetesContext, name: string): Labels => ({
  ...selectorOf(context, "gateway"),
  [labelKeys.gateway]: name,
});

/** Pods whose poolers Patroni's hooks pause and resume. */
export const PRIMARY_POOLERS = { [labelKeys.poolers]: "primary" };

export function createGateway(
  context: KubernetesContext,
  unit: GatewayUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): Gateway {
  const { name, poolers } = unit;
  const selector = gatewaySelector(context, name);
  const isPaused = poolers.some(({ service }) => service.followsPrimary);
  const labels = labelsOf(context, "gateway", { [labelKeys.gateway]: name, ...(isPaused ? PRIMARY_POOLERS : {}) });
  const files = createPodFiles(context, unit, { selector, labels, deferred }, opts);
  const { gateways } = context.model;
  const deployment = createDeployment(
    context,
    {
      ...{ name, labels, selector, annotations: SKIP_PROVIDER_AWAIT, replicas: gateways },
      // An extra pod would exceed the connection budget.
      strategy: {
        rollingUpdate: gateways > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
      },
      pod: podSpec(context, unit),
    },
    { ...opts, dependsOn: files },
  );
  createDisruptionBudget(context, name, "gateway", selector, opts);
  return {
    deployment,
    files,
    ready: new GatewayReady(context, name, deployment, isPaused, { ...opts, dependsOn: [deployment] }),
  };
}

/**
 * Before PostgreSQL 17 poolers connect to the HAProxy of their pod by a name in members' certificates. The address is not 127.0.0.1,
 * because PgBouncer's resolver then also returns ::1, where HAProxy does not listen.
 */
const ownHaproxy = ({ model }: KubernetesContext): Pick<PodSpec, "hostAliases"> =>
  model.poolerLink === "tcp" ? { hostAliases: [{ ip: "127.0.0.2", hostnames: [aliases.haproxy(model.name)] }] } : {};

const SOCKETS = "sockets";

function podSpec(context: KubernetesContext, unit: GatewayUnit): PodSpec {
  const { name: gateway, haproxy, poolers } = unit;
  const sidecars = sidecarsOf(unit);
  const shared = { [SOCKETS]: SOCKETS };
  return {
    ...commonPodSpec(context),
    ...spreadOf(context, gatewaySelector(context, gateway)),
    ...ownHaproxy(context),
    automountServiceAccountToken: false,
    securityContext: restrictedPod(haproxy.uid, haproxy.gid),
    terminationGracePeriodSeconds: stopSeconds(context) + 10,
    containers: [
      haproxyContainer(context, containerName(gateway, haproxy)),
      ...poolers.map((pooler) => poolerContainer(context, containerName(gateway, pooler.container), pooler)),
      ...sidecars.map((one) => plannedContainer(context, gateway, one, shared)),
    ],
    volumes: [scratchVolume(SOCKETS, "16Mi"), ...plannedVolumes(gateway, unit.containers, shared)],
  };
}

/** Requests and limits of a gateway's pod. */
export const gatewayDemand = (context: KubernetesContext, unit: GatewayUnit): ContainerDemand[] => [
  { name: containerName(unit.name, unit.haproxy), ...haproxyResources(context) },
  ...unit.poolers.map(({ container }) => ({ name: containerName(unit.name, container), ...poolerResources(context) })),
  ...sidecarsOf(unit).map((one) => plannedDemand(unit.name, one)),
];
