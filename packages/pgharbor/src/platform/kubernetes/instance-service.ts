import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesServiceType } from "@pgharbor/core";
import type { ServiceInstance } from "../../outputs/service-instance";
import type { PlannedInstance } from "../platform";
import { serviceHost, type KubernetesContext } from "./context";
import { labelsOf, metadataOf, type Labels } from "./metadata";
import { outsideHostname } from "./services";

/**
 * The Kubernetes Service of a supporting service. Its type is never the cluster's: PostgreSQL asks whoever comes for a password, and
 * a program beside it may not.
 */
export function makeInstanceService(
  context: KubernetesContext,
  { name, spec }: PlannedInstance,
  containerPort: number,
  selector: Labels,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const its = spec.kubernetes ?? {};
  return new k8s.core.v1.Service(
    name,
    {
      metadata: metadataOf(context, name, labelsOf(context, "supporting-service"), its.annotations),
      spec: {
        type: its.type ?? KubernetesServiceType.ClusterIP,
        selector,
        ports: [
          { name: "service", port: spec.port || containerPort, targetPort: containerPort, nodePort: its.nodePort },
        ],
        loadBalancerSourceRanges: its.sourceRanges,
        externalTrafficPolicy: its.externalTrafficPolicy,
      },
    },
    opts,
  );
}

/** By its name in the Kubernetes cluster, and as far outside as the type of its Service lets it and is known. */
export function answersAt(
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
      return service.spec.apply(({ ports: [first] }) => ({
        host: outsideHostname(context),
        port: first?.nodePort ?? port,
      }));
    case KubernetesServiceType.LoadBalancer:
      // An address of its own: the names in `tls.hostnames` lead to PostgreSQL's.
      return service.status.apply((status) => {
        const [ingress] = status?.loadBalancer?.ingress ?? [];
        return { host: ingress?.hostname ?? ingress?.ip, port };
      });
  }
}

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);
