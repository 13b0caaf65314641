import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BindingSecretSpec } from "@pgharbor/core";
import { postgresUri, type ConnectionParts } from "../../outputs/connection-strings";
import type { KubernetesContext } from "./context";
import { labelsOf } from "./metadata";

/** What such a Secret says, and where. */
export interface BindingSecret {
  binding: string;
  spec: BindingSecretSpec;
  /** Of the target, where that is in Kubernetes. */
  context: KubernetesContext | undefined;
  connection: pulumi.Output<ConnectionParts>;
  caCertificate: pulumi.Output<string>;
}

/** Files of a binding find each other by name: where the folder is, only the workload's own pod knows. */
const CA_FILE = "ca.crt";

/**
 * A connection as the Service Binding specification has it, so that any workload or operator which knows that finds it.
 * https://servicebinding.io/spec/core/1.1.0/#well-known-secret-entries
 */
export function makeBindingSecret(its: BindingSecret, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret {
  const { binding, spec, context, connection, caCertificate } = its;
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
        annotations: { ...context?.spec.annotations, ...spec.annotations },
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
