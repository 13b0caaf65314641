import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { postgresUri, type ConnectionParts } from "../../../outputs/connection-strings";
import type { BindingSecret } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { labelsOf } from "../context/metadata";

/** A relative name, because only the workload's pod knows the folder of the mounted Secret. */
const CA_FILE = "ca.crt";

/**
 * Creates a Secret in the form of the Service Binding specification, which many workloads and operators read. `context`: given for a target
 * on Kubernetes.
 * https://servicebinding.io/spec/core/1.1.0/#well-known-secret-entries
 */
export function createBindingSecret(
  { binding, spec, connection, caCertificate }: BindingSecret,
  context: KubernetesContext | undefined,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  return new k8s.core.v1.Secret(
    `${binding}-secret`,
    {
      metadata: {
        name: spec.name ?? binding,
        namespace: spec.namespace ?? context?.namespace,
        labels: {
          ...(context === undefined ? STANDARD_LABELS : context.marker.labels(labelsOf(context, "binding"))),
          ...spec.labels,
        },
        annotations:
          context === undefined
            ? spec.annotations
            : context.marker.annotations({ ...context.spec.annotations, ...spec.annotations }),
      },
      type: "servicebinding.io/postgresql",
      stringData: pulumi.secret(pulumi.all([connection, caCertificate]).apply(([known, ca]) => entries(known, ca))),
    },
    context === undefined ? opts : context.marker.withCleanupHooks(opts),
  );
}

const STANDARD_LABELS = { "app.kubernetes.io/name": "pgharbor", "app.kubernetes.io/managed-by": "pulumi" };

const entries = (connection: ConnectionParts, caCertificate: string): Record<string, string> => ({
  type: "postgresql",
  provider: "pgharbor",
  host: connection.host,
  port: String(connection.port),
  database: connection.database,
  username: connection.username,
  password: connection.password,
  uri: postgresUri(connection),
  sslmode: "verify-full",
  sslrootcert: CA_FILE,
  [CA_FILE]: caCertificate,
});
