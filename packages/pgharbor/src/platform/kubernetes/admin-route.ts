import * as pulumi from "@pulumi/pulumi";
import { names } from "@pgharbor/core";
import type { ServiceEndpoint } from "../../outputs/endpoint";
import type { AdminRoute } from "../sql/admin-connection";
import { placeOf, type KubernetesContext } from "./context";
import { gatewaySelector } from "./gateway";
import { selectorText } from "./metadata";

/** By a port-forward to a gateway, or to the address that the person says reaches it. The certificate is that of the service. */
export function adminRoute(context: KubernetesContext, endpoint: ServiceEndpoint): pulumi.Input<AdminRoute> {
  const { facts, spec } = context;
  const { address } = spec.reach ?? {};
  const serverName = endpoint.internalHost;
  if (address !== undefined) {
    const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    return { host, port: Number(port), serverName };
  }
  const selector = selectorText(gatewaySelector(context, names.gateway(facts.name)));
  const { kubernetes } = placeOf(context);
  return pulumi.output(kubernetes).apply((its) => ({
    host: serverName,
    port: endpoint.port,
    serverName,
    tunnel: { kubernetes: its, selector, port: endpoint.internalPort },
  }));
}
