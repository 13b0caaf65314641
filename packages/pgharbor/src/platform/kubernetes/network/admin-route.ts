import * as pulumi from "@pulumi/pulumi";
import { names, ports, type ResolvedService } from "@pgharbor/core";
import type { AdminRoute } from "../../sql/admin-connection";
import { locationArgs, serviceHost, type KubernetesContext } from "../context/context";
import { gatewaySelector } from "../gateways/gateway";
import { selectorText } from "../context/metadata";

/**
 * A port-forward to a separate port of a gateway, whose connections clients cannot use up, or a connection to `connection.address`. The
 * server presents the service's certificate.
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
  return pulumi.all([kubernetes, serverName]).apply(([location, name]) => ({
    host: name,
    port: ports.primaryAdmin,
    serverName: name,
    tunnel: { kubernetes: location, selector, port: ports.primaryAdmin },
  }));
}
