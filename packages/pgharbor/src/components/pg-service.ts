import * as pulumi from "@pulumi/pulumi";
import { planAddedService, type ServiceSettings } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs, orInvalidArgs } from "../outputs/problems";
import { besideCluster } from "../program/beside-cluster";
import { belongsTo, internalsOf } from "../program/cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import type { PostgresTarget } from "./postgres-target";

/**
 * Arguments of `PgService`: a service as in `PostgresCluster.services`, and the cluster it is for. On Docker a changed port or
 * address replaces the containers of this service; on Kubernetes neither a port nor `kubernetes` touches a pod. Another destination
 * replaces them on both, and another `checkPath` of a pooled service on Kubernetes. Any other change reloads. No other service is
 * touched.
 */
export interface PgServiceArgs extends ServiceSettings {
  /** A `PostgresCluster` of the same program. */
  cluster: PostgresTarget;
  /** The service's name. Replaces all that the service is made of. @default the name of the resource */
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
 * One more service of a running cluster, on a port of its own. It runs in containers of its own, on Kubernetes in as many
 * gateway pods as the cluster has and behind a Kubernetes Service, so that no other is touched.
 *
 * ```ts
 * new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/read-only-quorum" });
 * ```
 */
export class PgService extends pulumi.ComponentResource {
  /** Where it answers. */
  public readonly endpoint: pulumi.Output<ServiceEndpoint>;

  constructor(name: string, args: PgServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { cluster, serviceName = name, ...service } = known;
    const its = internalsOf(cluster ?? {});
    if (its === undefined) {
      const message = "must be a PostgresCluster of this program; an external server has no gateway of ours";
      throw invalidArgs(`PgService ${JSON.stringify(name)}`, [...unknown, { path: "cluster", message }]);
    }
    const { plan, attached } = its;
    const added = orInvalidArgs(
      `PgService ${JSON.stringify(name)}`,
      () => planAddedService(plan.model, [...plan.model.services, ...its.added], { ...service, name: serviceName }),
      unknown,
    );
    super(
      "pgharbor:index:PgService",
      name,
      { clusterName: plan.model.name, serviceName, ...service },
      besideCluster(cluster, opts),
    );
    belongsTo(cluster, this);
    its.added.push(added.service);
    const child = { parent: this };

    const deferred = {
      passwords: its.passwords,
      certificates: { ...its.certificates.more(added, child), ...its.identities.more(added.identities, child) },
      authorities: its.identities.authorities,
      caCertificate: its.certificates.caCertificate,
    };
    const { endpoint, running } = attached.addService(added, deferred, child);
    this.endpoint = pulumi.all([endpoint, running]).apply(([known]) => known);
    its.addedEndpoints.push(this.endpoint);
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
