import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  memberPorts,
  names,
  ports,
  type KubernetesServiceSpec,
  type NetworkClientSpec,
  type PlannedUnit,
  type ResolvedService,
} from "@pgharbor/core";
import type { PlannedInstance } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";
import { gatewaySelector } from "../gateways/gateway";
import { unitSelector } from "../context/unit-labels";
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

/** DNS at any address, because no selector matches a node-local DNS cache. OpenShift's DNS pods listen on 5353. */
const dns = {
  ports: [53, 5353].flatMap((port) => ["UDP", "TCP"].map((protocol): Port => ({ protocol, port }))),
};
/** Ports of the API server itself, because policies apply to the addresses behind a Service. */
const API_SERVER_PORTS = [443, 6443];

/** Ports of members to which services or their health checks connect. */
const portsFor = (services: ResolvedService[]): number[] => [
  ...memberPorts,
  ...services.flatMap((s) => [s.memberPort, s.checkPort]),
];

/** Creates the members' policy. It refuses all other connections, if the network plugin enforces policies. */
export function createMemberPolicy(
  context: KubernetesContext,
  services: ResolvedService[],
  { others, repositories }: { others: Labels[]; repositories: Labels[] },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { model, spec } = context;
  const backups = repositories.map(pods);
  const members = pods(selectorOf(context, "member"));
  const gateways = pods(selectorOf(context, "gateway"));
  const { apiServer, apiServerPorts = API_SERVER_PORTS, monitoring = [] } = spec.networkPolicy ?? {};
  const servers = apiServer?.map((cidr) => ({ ipBlock: { cidr } }));
  return createPolicy(context, names.members(model.name), "member", selectorOf(context, "member"), opts, {
    ingress: [
      { from: [members, ...others.map(pods)], ports: tcp(...memberPorts) },
      { from: [gateways], ports: tcp(...portsFor(services)) },
      ...(backups.length === 0 ? [] : [{ from: backups, ports: tcp(ports.pgbackrest) }]),
      ...(monitoring.length === 0 ? [] : [{ from: monitoring.map(peerOf), ports: tcp(ports.patroni) }]),
    ],
    egress: [
      { to: [members], ports: tcp(...memberPorts) },
      // Patroni's hooks.
      { to: [gateways], ports: tcp(...model.primaryPoolerPorts, ports.primaryCheck) },
      { to: servers, ports: tcp(...apiServerPorts) },
      ...(backups.length === 0 ? [] : [{ to: backups, ports: tcp(ports.pgbackrest) }]),
      dns,
    ],
  });
}

export function createGatewayPolicy(
  context: KubernetesContext,
  gateway: string,
  services: ResolvedService[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { model } = context;
  const members = pods(selectorOf(context, "member"));
  return createPolicy(context, gateway, "gateway", gatewaySelector(context, gateway), opts, {
    ingress: [
      { from: clientsOf(context), ports: tcp(...services.map(podPort)) },
      ...services.flatMap((service) => rangesOf(context, service.kubernetes, podPort(service))),
      { from: [members], ports: tcp(...model.primaryPoolerPorts, ports.primaryCheck) },
    ],
    egress: [{ to: [members], ports: tcp(...portsFor(services)) }, dns],
  });
}

/** Creates the policy of a pod with repositories. It connects to members, and to object stores at any address. */
export function createRepositoryPolicy(
  context: KubernetesContext,
  unit: PlannedUnit,
  storePorts: number[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const members = pods(selectorOf(context, "member"));
  return createPolicy(context, unit.name, "backup", unitSelector(context, unit), opts, {
    ingress: [{ from: [members], ports: tcp(ports.pgbackrest) }],
    egress: [
      { to: [members], ports: tcp(ports.pgbackrest) },
      ...(storePorts.length === 0 ? [] : [{ ports: tcp(...storePorts) }, { to: [METADATA], ports: tcp(80) }]),
      dns,
    ],
  });
}
/** Where clouds give a pod its role. */
const METADATA: Peer = { ipBlock: { cidr: "169.254.0.0/16" } };

/** Allows an added service to connect to further ports of members: the members' own policy only contains the cluster's services. */
export function createAddedServicePolicy(
  context: KubernetesContext,
  gateway: string,
  service: ResolvedService,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const further = portsFor([service]).filter((port) => !memberPorts.includes(port));
  if (further.length === 0) return [];
  return createPolicy(context, `${gateway}-members`, "member", selectorOf(context, "member"), opts, {
    policyTypes: ["Ingress"],
    ingress: [{ from: [pods(gatewaySelector(context, gateway))], ports: tcp(...further) }],
  });
}

/** Allows a supporting service to connect to the cluster's gateways and to `supportingServiceEgress`. */
export function createInstancePolicy(
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
  return createPolicy(context, name, "supporting-service", selector, opts, {
    ingress: containerPort === undefined ? [] : own(containerPort),
    egress: [{ to: [pods(selectorOf(context, "gateway")), ...supportingServiceEgress.map(peerOf)] }, dns],
  });
}

/** Clients of services, always with the cluster's supporting services. Undefined: everyone. */
function clientsOf(context: KubernetesContext): Peer[] | undefined {
  const clients = context.spec.networkPolicy?.clients;
  if (clients === undefined) return undefined;
  return [...clients.map(peerOf), pods(selectorOf(context, "supporting-service"))];
}

/** Allows the load balancer's `sourceRanges` too, unless everyone is allowed. */
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

/** Creates nothing if NetworkPolicies are disabled. */
function createPolicy(
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
      context.marker.withCleanupHooks(opts),
    ),
  ];
}
