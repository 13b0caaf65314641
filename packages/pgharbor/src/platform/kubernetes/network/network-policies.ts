import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  memberPorts,
  names,
  ports,
  type KubernetesServiceSpec,
  type NetworkClientSpec,
  type ResolvedService,
} from "@pgharbor/core";
import type { PlannedInstance } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";
import { gatewaySelector } from "../gateways/gateway";
import { podPort } from "../gateways/gateway-containers";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;
type Rules = Pick<k8s.types.input.networking.v1.NetworkPolicySpec, "ingress" | "egress" | "policyTypes">;

const tcp = (...list: (number | string)[]): Port[] => {
  const numbers = list.filter((port) => typeof port === "number").sort((a, b) => a - b);
  const named = list.filter((port) => typeof port === "string");
  return [...new Set([...numbers, ...named])].map((port) => ({ protocol: "TCP", port }));
};
const pods = (matchLabels: Labels): Peer => ({ podSelector: { matchLabels } });

/** To any address: a node's own DNS cache has one that no selector knows. OpenShift's pods for DNS listen at 5353. */
const dns = {
  ports: [53, 5353].flatMap((port) => ["UDP", "TCP"].map((protocol): Port => ({ protocol, port }))),
};
/** Of the API server itself: policies are about what is behind a Service. */
const API_SERVER_PORTS = [443, 6443];

/** Ports of members that services lead to, or ask about their health. */
const portsFor = (services: ResolvedService[]): number[] => [
  ...memberPorts,
  ...services.flatMap((s) => [s.memberPort, s.checkPort]),
];

/** What is not named here is refused, where the network plugin enforces policies. */
export function makeMemberPolicy(
  context: KubernetesContext,
  services: ResolvedService[],
  others: Labels[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { model, spec } = context;
  const members = pods(selectorOf(context, "member"));
  const gateways = pods(selectorOf(context, "gateway"));
  const { apiServer, apiServerPorts = API_SERVER_PORTS, monitoring = [] } = spec.networkPolicy ?? {};
  const servers = apiServer?.map((cidr) => ({ ipBlock: { cidr } }));
  return makePolicy(context, names.members(model.name), "member", selectorOf(context, "member"), opts, {
    ingress: [
      { from: [members, ...others.map(pods)], ports: tcp(...memberPorts) },
      { from: [gateways], ports: tcp(...portsFor(services)) },
      ...(monitoring.length === 0 ? [] : [{ from: monitoring.map(peerOf), ports: tcp(ports.patroni) }]),
    ],
    egress: [
      { to: [members], ports: tcp(...memberPorts) },
      // The hooks.
      { to: [gateways], ports: tcp(...model.primaryPoolerPorts, ports.primaryCheck) },
      { to: servers, ports: tcp(...apiServerPorts) },
      dns,
    ],
  });
}

export function makeGatewayPolicy(
  context: KubernetesContext,
  gateway: string,
  services: ResolvedService[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { model } = context;
  const members = pods(selectorOf(context, "member"));
  return makePolicy(context, gateway, "gateway", gatewaySelector(context, gateway), opts, {
    ingress: [
      { from: clientsOf(context), ports: tcp(...services.map(podPort)) },
      ...services.flatMap((service) => rangesOf(context, service.kubernetes, podPort(service))),
      { from: [members], ports: tcp(...model.primaryPoolerPorts, ports.primaryCheck) },
    ],
    egress: [{ to: [members], ports: tcp(...portsFor(services)) }, dns],
  });
}

/** Further ports of members that a service added later leads to: the members' own policy knows only the cluster's services. */
export function makeAddedServicePolicy(
  context: KubernetesContext,
  gateway: string,
  service: ResolvedService,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const further = portsFor([service]).filter((port) => !memberPorts.includes(port));
  if (further.length === 0) return [];
  return makePolicy(context, `${gateway}-members`, "member", selectorOf(context, "member"), opts, {
    policyTypes: ["Ingress"],
    ingress: [{ from: [pods(gatewaySelector(context, gateway))], ports: tcp(...further) }],
  });
}

/** A supporting service speaks to the cluster's services, by way of its gateways, and to whom the person names. */
export function makeInstancePolicy(
  context: KubernetesContext,
  name: string,
  selector: Labels,
  { containerPort, spec }: Pick<PlannedInstance, "containerPort" | "spec">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { supportingServiceEgress = [] } = context.spec.networkPolicy ?? {};
  const own = (port: number) => [
    { from: clientsOf(context), ports: tcp(port) },
    ...rangesOf(context, spec.kubernetes, port),
  ];
  return makePolicy(context, name, "supporting-service", selector, opts, {
    ingress: containerPort === undefined ? [] : own(containerPort),
    egress: [{ to: [pods(selectorOf(context, "gateway")), ...supportingServiceEgress.map(peerOf)] }, dns],
  });
}

/** Supporting services of the cluster are clients whoever else is. Nothing: everyone. */
function clientsOf(context: KubernetesContext): Peer[] | undefined {
  const clients = context.spec.networkPolicy?.clients;
  if (clients === undefined) return undefined;
  return [...clients.map(peerOf), pods(selectorOf(context, "supporting-service"))];
}

/** Whom a load balancer lets in, its service lets in: where everyone may, there is nothing to add. */
function rangesOf(context: KubernetesContext, service: KubernetesServiceSpec | undefined, port: number | string) {
  const ranges = service?.sourceRanges ?? [];
  if (context.spec.networkPolicy?.clients === undefined || ranges.length === 0) return [];
  return [{ from: ranges.map((cidr) => ({ ipBlock: { cidr } })), ports: tcp(port) }];
}

function peerOf({ namespace, podLabels, cidr }: NetworkClientSpec): Peer {
  if (namespace !== undefined)
    return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
  return cidr === undefined ? pods(podLabels ?? {}) : { ipBlock: { cidr } };
}

/** None where the person wants none. */
function makePolicy(
  context: KubernetesContext,
  name: string,
  role: string,
  matchLabels: Labels,
  opts: pulumi.CustomResourceOptions,
  rules: Rules,
): pulumi.Resource[] {
  if (context.spec.networkPolicy?.enabled === false) return [];
  return [
    new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata: metadataOf(context, name, labelsOf(context, role)),
        spec: { podSelector: { matchLabels }, policyTypes: ["Ingress", "Egress"], ...rules },
      },
      context.marker.named(opts),
    ),
  ];
}
