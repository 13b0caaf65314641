import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { names, required } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf } from "../context/metadata";
import { readDeferred, type DeferredOutputs } from "../../deferred-values";

/** Creates a Secret with the client certificate that monitoring needs for members' metrics, and the CA to verify members. */
export function createMonitoringSecret(
  context: KubernetesContext,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  if (!context.model.monitored) return [];
  const name = names.monitoring(context.model.name);
  const stringData = readDeferred(deferred, ({ certificates, caCertificate }) => {
    const { certificate, privateKey } = required(certificates[name], `the certificate of ${name}`);
    return { "ca.crt": caCertificate, "tls.crt": certificate, "tls.key": privateKey };
  });
  return [
    new k8s.core.v1.Secret(
      name,
      {
        metadata: metadataOf(context, name, labelsOf(context, "monitoring")),
        type: "kubernetes.io/tls",
        stringData: pulumi.secret(stringData),
      },
      context.marker.withCleanupHooks(opts),
    ),
  ];
}
