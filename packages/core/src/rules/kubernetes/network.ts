import type { KubernetesConnectionSpec, NetworkClientSpec, NetworkPolicySpec } from "../../spec";
import { checkCidrs, cidrProblem } from "../shared/cidr";
import { checkLabels, namespaceRow } from "./names";
import { hasControl, isHostname, portOf } from "../shared/patterns";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";

const PEERS = ["clients", "monitoring", "supportingServiceEgress"] as const;

export function checkNetworkPolicy(at: string, policy: Read<NetworkPolicySpec> = {}): Problem[] {
  const { enabled = true, clients, apiServer, apiServerPorts } = policy;
  const idle = ([...PEERS, "apiServer", "apiServerPorts"] as const).map((field) => ({
    when: !enabled && policy[field] !== undefined,
    path: `${at}.${field}`,
    message: "has no effect with enabled false; leave one of them out",
  }));
  return [
    ...problemsOf([
      ...idle,
      {
        when: clients?.length === 0,
        path: `${at}.clients`,
        message: "is empty: nobody could connect to any service; list clients, or leave it out for everyone",
      },
      {
        when: apiServerPorts?.length === 0,
        path: `${at}.apiServerPorts`,
        message:
          "is empty: members could not connect to the API server, and none would lead; leave it out for 443 and 6443",
      },
    ]),
    ...PEERS.flatMap((field) =>
      (policy[field] ?? []).flatMap((peer, i) =>
        peer === undefined ? [] : checkPeer(under(`${at}.${field}`, i), peer),
      ),
    ),
    ...checkCidrs(`${at}.apiServer`, apiServer, "members could not connect to the API server, and none would lead"),
  ];
}

function checkPeer(at: string, { namespace, podLabels, cidr }: Read<NetworkClientSpec>): Problem[] {
  const wrong = cidr === undefined ? undefined : cidrProblem(cidr);
  return [
    ...problemsOf([
      namespaceRow(`${at}.namespace`, namespace),
      {
        when: podLabels !== undefined && Object.keys(podLabels).length === 0,
        path: `${at}.podLabels`,
        message: "is empty, which would select every pod of the cluster's namespace; give a label, or use namespace",
      },
      { when: wrong !== undefined, path: `${at}.cidr`, message: wrong ?? "" },
    ]),
    ...checkLabels(`${at}.podLabels`, podLabels),
  ];
}

/** `host:port`, with an IPv6 address in brackets. */
const address = /^(?:\[(?<ipv6>[^\]]*)\]|(?<host>[^:[\]]+)):(?<port>\d+)$/;
function isAddress(text: string): boolean {
  const { ipv6, host = "", port = "" } = address.exec(text)?.groups ?? {};
  if (isNaN(portOf(port))) return false;
  // A certificate may contain a wildcard, but no client can connect to one.
  return ipv6 === undefined ? isHostname(host) && !host.includes("*") : ipv6.includes(":") && isHostname(ipv6);
}

export const connectionRows = (at: string, { context, address: to }: Read<KubernetesConnectionSpec> = {}): Row[] => [
  {
    when: context !== undefined && (context === "" || context.length > 1024 || hasControl(context)),
    path: `${at}.context`,
    message: `must be the name of a context of the kubeconfig, got ${show(context)}; leave it out for its current one`,
  },
  {
    when: to !== undefined && !isAddress(to),
    path: `${at}.address`,
    message: `must be host:port such as "shop.example.com:5436" or "[fd00::1]:5436", got ${show(to)}`,
  },
];
