import * as pulumi from "@pulumi/pulumi";
import { planAddedService, type ServiceSettings } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs, planOrThrow } from "../outputs/problems";
import { withClusterProviders } from "../program/with-cluster-providers";
import { registerComponent, internalsOf } from "../program/cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import type { PostgresTarget } from "./postgres-target";

/**
 * Arguments of `PgService`: a service as in `PostgresCluster.services`, and its cluster. On Docker a change of the port or address
 * replaces the containers of this service; on Kubernetes a change of the port or of `kubernetes` touches no pod. A change of
 * `destination` replaces the containers or pods on both, and so does a change of `checkPath` of a pooled service on Kubernetes. Any
 * other change reloads. No change touches other services.
 */
export interface PgServiceArgs extends ServiceSettings {
  /** A `PostgresCluster` of the same program. */
  cluster: PostgresTarget;
  /** The service's name. A change replaces the service. @default the name of the resource */
  serviceName?: string;
}

const argNames: ArgNames<PgServiceArgs> = {
  cluster: true,
  serviceName: true,
  port: true,
  bindAddress: true,
  destination: true,
  checkMethod: true,
  checkPort: true,
  checkPath: true,
  checkCode: true,
  selector: true,
  selectorBackup: true,
  haproxy: true,
  pool: true,
  kubernetes: true,
};

/**
 * Adds a service to a running cluster, on a separate port. It runs in separate containers, on Kubernetes in as many gateway pods as the
 * cluster has, behind a Kubernetes Service. So other services are not touched.
 *
 * ```ts
 * new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/read-only-quorum" });
 * ```
 */
export class PgService extends pulumi.ComponentResource {
  /** The service's endpoint. */
  public readonly endpoint: pulumi.Output<ServiceEndpoint>;

  constructor(name: string, args: PgServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { cluster, serviceName = name, ...service } = known;
    const internals = internalsOf(cluster ?? {});
    if (internals === undefined) {
      const message = "must be a PostgresCluster of this program; an external server has no gateways";
      throw invalidArgs(`PgService ${JSON.stringify(name)}`, [...unknown, { path: "cluster", message }]);
    }
    const { plan, resources } = internals;
    const added = planOrThrow(
      `PgService ${JSON.stringify(name)}`,
      () =>
        planAddedService(plan.model, [...plan.model.services, ...internals.addedServices], {
          ...service,
          name: serviceName,
        }),
      unknown,
    );
    super(
      "pgharbor:index:PgService",
      name,
      { clusterName: plan.model.name, serviceName, ...service },
      withClusterProviders(cluster, opts),
    );
    registerComponent(cluster, this);
    internals.addedServices.push(added.service);
    const child = { parent: this };

    const deferred = {
      passwords: internals.passwords,
      certificates: {
        ...internals.certificates.createAdded(added, child),
        ...internals.identities.createAdded(added.identities, child),
      },
      authorities: internals.identities.authorities,
      caCertificate: internals.certificates.caCertificate,
    };
    const { endpoint, running } = resources.addService(added, deferred, child);
    this.endpoint = pulumi.all([endpoint, running]).apply(([known]) => known);
    internals.addedEndpoints.push(this.endpoint);
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
