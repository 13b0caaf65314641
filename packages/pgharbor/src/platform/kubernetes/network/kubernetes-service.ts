import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesServiceSpec, KubernetesServiceType } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { metadataOf, type Labels } from "../context/metadata";

/** A port that a Kubernetes Service publishes. */
export interface ServedPort {
  name: string;
  labels: Labels;
  /** Selector of the pods. */
  selector: Labels;
  type: KubernetesServiceType;
  /** `target`: number or name of the pods' port. */
  port: { name: string; number: number; target: number | string };
}

/** Creates a Service with the program's settings. */
export function createKubernetesService(
  context: KubernetesContext,
  { name, labels, selector, type, port }: ServedPort,
  settings: KubernetesServiceSpec = {},
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    name,
    {
      metadata: metadataOf(context, name, labels, settings.annotations),
      spec: {
        type,
        selector,
        ports: [{ name: port.name, port: port.number, targetPort: port.target, nodePort: settings.nodePort }],
        loadBalancerSourceRanges: settings.sourceRanges,
        externalTrafficPolicy: settings.externalTrafficPolicy,
      },
    },
    context.marker.withCleanupHooks(opts),
  );
}

/** The node port, once Kubernetes has assigned one. */
export const nodePortOf = (made: k8s.core.v1.Service): pulumi.Output<number | undefined> =>
  made.spec.apply(({ ports: [first] }) => first?.nodePort);

/** The name or address of the load balancer, once it has one. */
export const balancerOf = (made: k8s.core.v1.Service): pulumi.Output<string | undefined> =>
  made.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.hostname ?? ingress?.ip;
  });
