import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesServiceSpec, KubernetesServiceType } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { metadataOf, type Labels } from "../context/metadata";

/** What a Kubernetes Service is for. */
export interface ServedPort {
  name: string;
  labels: Labels;
  /** Of its pods. */
  selector: Labels;
  type: KubernetesServiceType;
  /** `target`: of the pods, a number or a name. */
  port: { name: string; number: number; target: number | string };
}

/** A Service with what the person says of it. */
export function makeKubernetesService(
  context: KubernetesContext,
  { name, labels, selector, type, port }: ServedPort,
  its: KubernetesServiceSpec = {},
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  return new k8s.core.v1.Service(
    name,
    {
      metadata: metadataOf(context, name, labels, its.annotations),
      spec: {
        type,
        selector,
        ports: [{ name: port.name, port: port.number, targetPort: port.target, nodePort: its.nodePort }],
        loadBalancerSourceRanges: its.sourceRanges,
        externalTrafficPolicy: its.externalTrafficPolicy,
      },
    },
    context.marker.named(opts),
  );
}

/** The port of every node, once Kubernetes has given one. */
export const nodePortOf = (made: k8s.core.v1.Service): pulumi.Output<number | undefined> =>
  made.spec.apply(({ ports: [first] }) => first?.nodePort);

/** The name or address of its load balancer, once that has one. */
export const balancerOf = (made: k8s.core.v1.Service): pulumi.Output<string | undefined> =>
  made.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.hostname ?? ingress?.ip;
  });
