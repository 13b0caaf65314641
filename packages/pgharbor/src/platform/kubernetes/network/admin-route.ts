import * as pulumi from "@pulumi/pulumi";
import { names, ports, type ResolvedService } from "@pgharbor/core";
import type { AdminRoute } from "../../sql/admin-connection";
import { locationArgs, serviceHost, type KubernetesContext } from "../context/context";
import { gatewaySelector } from "../gateways/gateway";
import { selectorText } from "../context/metadata";

/**
 * By a port-forward to a gateway, where a way of its own is free whatever crowd is at the services, or to the address that the person
 * says reaches it. The certificate is that of the service.
 */
export function adminRoute(context: KubernetesContext, service: ResolvedService): pulumi.Input<AdminRoute> {
  const { model, spec } = context;
  const { address } = spec.connection ?? {};
  const serverName = serviceHost(context, service.fullName);
  if (address !== undefined) {
    const [, host = "", port = ""] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    return serverName.apply((name) => ({ host, port: Number(port), serverName: name }));
  }
  const selector = selectorText(gatewaySelector(context, names.gateway(model.name)));
  const { kubernetes } = locationArgs(context);
  return pulumi.all([kubernetes, serverName]).apply(([its, name]) => ({
    host: name,
    port: ports.primaryAdmin,
    serverName: name,
    tunnel: { kubernetes: its, selector, port: ports.primaryAdmin },
  }));
}
