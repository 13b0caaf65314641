import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesServiceType, labelKeys, type ResolvedService } from "@pgharbor/core";
import type { ServiceEndpoint } from "../../../outputs/endpoint";
import { serviceHost, type KubernetesContext } from "../context/context";
import { gatewaySelector } from "../gateways/gateway";
import { podPort } from "../gateways/gateway-containers";
import { balancerOf, createKubernetesService, nodePortOf } from "./kubernetes-service";
import { labelsOf } from "../context/metadata";

export const typeOf = ({ spec }: KubernetesContext, service: ResolvedService): KubernetesServiceType =>
  service.kubernetes?.type ?? spec.serviceType ?? KubernetesServiceType.ClusterIP;

/** Creates the Kubernetes Service of one service. It selects a gateway's pods. */
export function createService(
  context: KubernetesContext,
  service: ResolvedService,
  gateway: string,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return createKubernetesService(
    context,
    {
      name: service.fullName,
      labels: labelsOf(context, "service", { [labelKeys.service]: service.name }),
      selector: gatewaySelector(context, gateway),
      type: typeOf(context, service),
      port: { name: "postgres", number: service.port, target: podPort(service) },
    },
    service.kubernetes,
    opts,
  );
}

/** The endpoint of a service: its name in the Kubernetes cluster, or its external address if its type has one. */
export function endpointOf(
  context: KubernetesContext,
  service: ResolvedService,
  made: k8s.core.v1.Service,
): pulumi.Output<ServiceEndpoint> {
  const outside = outsideOf(context, service, made);
  return pulumi.all([serviceHost(context, service.fullName), outside]).apply(([internalHost, { host, port }]) => ({
    name: service.name,
    host: host ?? internalHost,
    port,
    internalHost,
    internalPort: service.port,
    role: service.followsPrimary ? "primary" : "replica",
    pooled: service.pool !== undefined,
  }));
}

interface Outside {
  host?: string;
  port: number;
}

/** The first of `tls.hostnames` that is one host. */
export const outsideHostname = ({ model }: KubernetesContext): string | undefined =>
  model.hostnames.find((name) => !name.startsWith("*."));

/** External clients use a name of `tls.hostnames`: certificates contain these, but not a load balancer's address. */
function outsideOf(
  context: KubernetesContext,
  service: ResolvedService,
  made: k8s.core.v1.Service,
): pulumi.Output<Outside> {
  const hostname = outsideHostname(context);
  switch (typeOf(context, service)) {
    case KubernetesServiceType.ClusterIP:
      return pulumi.output({ port: service.port });
    case KubernetesServiceType.NodePort:
      return nodePortOf(made).apply((port) =>
        hostname === undefined ? { port: service.port } : { host: hostname, port: port ?? service.port },
      );
    case KubernetesServiceType.LoadBalancer:
      return balancerOf(made).apply((balancer) => ({ host: hostname ?? balancer, port: service.port }));
  }
}
