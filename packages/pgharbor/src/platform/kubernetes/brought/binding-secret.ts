import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { postgresUri, type ConnectionParts } from "../../../outputs/connection-strings";
import type { BindingSecret } from "../../platform";
import type { KubernetesContext } from "../context/context";
import { labelsOf } from "../context/metadata";

/** Files of a binding find each other by name: where the folder is, only the workload's own pod knows. */
const CA_FILE = "ca.crt";

/**
 * A connection as the Service Binding specification has it, so that any workload or operator which knows that finds it. `context`: of the target, where that is in Kubernetes.
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
          ...(context === undefined ? standard : context.marker.labels(labelsOf(context, "binding"))),
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
    context === undefined ? opts : context.marker.named(opts),
  );
}

const standard = { "app.kubernetes.io/name": "pgharbor", "app.kubernetes.io/managed-by": "pulumi" };

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
