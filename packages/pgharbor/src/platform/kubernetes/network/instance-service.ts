import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesServiceType } from "@pgharbor/core";
import type { ServiceInstance } from "../../../outputs/service-instance";
import type { PlannedInstance } from "../../platform";
import { serviceHost, type KubernetesContext } from "../context/context";
import { balancerOf, createKubernetesService, nodePortOf } from "./kubernetes-service";
import { labelsOf, type Labels } from "../context/metadata";
import { outsideHostname } from "./services";

/**
 * Creates the Kubernetes Service of a supporting service. The cluster's type does not apply: PostgreSQL requires a password, but a
 * supporting service may not.
 */
export function createInstanceService(
  context: KubernetesContext,
  { name, spec }: PlannedInstance,
  containerPort: number,
  selector: Labels,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const labels = labelsOf(context, "supporting-service");
  const port = { name: "service", number: spec.port || containerPort, target: containerPort };
  const type = spec.kubernetes?.type ?? KubernetesServiceType.ClusterIP;
  return createKubernetesService(context, { name, labels, selector, type, port }, spec.kubernetes, opts);
}

/** The addresses of an instance: its name in the Kubernetes cluster, and the external address of its Service if it is known. */
export function instanceAddresses(
  context: KubernetesContext,
  { name, spec, containerPort }: PlannedInstance,
  service: k8s.core.v1.Service | undefined,
): pulumi.Output<Pick<ServiceInstance, "addresses" | "port">> {
  if (service === undefined || containerPort === undefined) return pulumi.output({ addresses: [] });
  const port = spec.port || containerPort;
  return pulumi
    .all([serviceHost(context, name), outside(context, spec.kubernetes?.type, port, service)])
    .apply(([host, found]): Pick<ServiceInstance, "addresses" | "port"> => ({
      addresses: [`${host}:${port}`, ...(found.host === undefined ? [] : [`${bracketed(found.host)}:${found.port}`])],
      port: found.port,
    }));
}

function outside(
  context: KubernetesContext,
  type: KubernetesServiceType = KubernetesServiceType.ClusterIP,
  port: number,
  service: k8s.core.v1.Service,
): pulumi.Output<{ host?: string; port: number }> {
  switch (type) {
    case KubernetesServiceType.ClusterIP:
      return service.urn.apply(() => ({ port }));
    case KubernetesServiceType.NodePort:
      return nodePortOf(service).apply((nodePort) => ({ host: outsideHostname(context), port: nodePort ?? port }));
    case KubernetesServiceType.LoadBalancer:
      // The load balancer's own address, because the names in `tls.hostnames` resolve to PostgreSQL.
      return balancerOf(service).apply((host) => ({ host, port }));
  }
}

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);
