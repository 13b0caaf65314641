import * as pulumi from "@pulumi/pulumi";
import { names, renderConfigFile, required, servicePresets, type SupportingServiceSpec } from "@pgharbor/core";
import { invalidArgs } from "../../outputs/problems";
import type { ServiceInstance } from "../../outputs/service-instance";
import { imageOfService } from "../../platform/images";
import type { ServiceFile } from "../../platform/platform";
import { withClusterProviders } from "../../program/with-cluster-providers";
import { registerComponent, internalsOf, type ClusterInternals } from "../../program/cluster-internals";
import { knownArgs } from "../known-args";
import { argNames, type SupportingServiceArgs } from "./args";
import { connectionFiles } from "./connection-files";
import { declareService, serviceProblems } from "./service-problems";
import { declarePort } from "./taken-ports";

/**
 * An application beside a cluster: one container on each host, in the cluster's network; on Kubernetes a Deployment of one pod, and a
 * Service if it has a port. The connection is in files in /run/pgharbor/connection (`uri`, `connection.json`, `ca.crt`, and
 * `pg_service.conf` for libpq, with `service=pgharbor`), never in the environment or on the command line. A custom image must run without
 * capabilities and without root.
 *
 * ```ts
 * const mcp = new SupportingService("mcp", {
 *   target: cluster, database: db.databaseName, connectAs: reader, serviceType: "mcp", service: "replica", hosts: ["local"], port: 0,
 * });
 * export const instances = mcp.instances;
 * ```
 *
 * The update fails if an instance is not healthy within 5 minutes; on Kubernetes also if it has run for 90 s, or for `startPeriod` plus
 * 30 s if that is longer, and is not ready. Deleting the service deletes its containers and files, never the user.
 */
export class SupportingService extends pulumi.ComponentResource {
  /** One instance on each host, with its addresses, and its health as of the last update or refresh. */
  public readonly instances: pulumi.Output<ServiceInstance[]>;

  constructor(name: string, args: SupportingServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { target, database, connectAs, secretFiles = {}, ...rest } = known;
    const spec: SupportingServiceSpec = {
      ...rest,
      secretFiles: known.secretFiles === undefined ? undefined : Object.keys(secretFiles),
    };
    const subject = `SupportingService ${JSON.stringify(name)}`;
    const problems = [...unknown, ...serviceProblems(name, known, spec)];
    if (problems.length > 0) throw invalidArgs(subject, problems);
    const internals = required(internalsOf(target), "the cluster of the target");
    super(
      "pgharbor:index:SupportingService",
      name,
      { clusterName: internals.plan.model.name, ...spec },
      withClusterProviders(target, opts),
    );
    registerComponent(target, this);
    declareService(target, { name, nodePort: spec.kubernetes?.nodePort });
    const { bindAddress, name: cluster, platform } = internals.plan.model;
    if (spec.port && platform === "docker") declarePort(target, { address: bindAddress, port: spec.port, by: subject });

    const { host, port, ready } = routeTo(internals, spec.service ?? "primary");
    const connection = pulumi
      .all([connectAs.username, connectAs.password, database, host, ready])
      .apply(([username, password, databaseName, known]) => ({
        host: known,
        port,
        username,
        password,
        database: databaseName,
        targetSessionAttrs: spec.targetSessionAttrs,
      }));
    const files: ServiceFile[] = [
      ...connectionFiles(subject, connection, target.caCertificate),
      ...configFile(spec),
      ...Object.entries(secretFiles).map(([path, content]) => ({ path, content: pulumi.secret(content) })),
    ];
    const preset = spec.serviceType && servicePresets[spec.serviceType];
    const instances = spec.hosts.map((where) =>
      internals.resources.addInstance(
        {
          name: names.supportingService(cluster, name, where),
          host: where,
          cluster,
          service: name,
          spec,
          image: imageOf(spec),
          containerPort: spec.containerPort ?? preset?.containerPort,
          user: spec.user ?? preset?.user,
          bindAddress,
        },
        { files },
        { parent: this, dependsOn: internals.resources.readyResources },
      ),
    );
    this.instances = pulumi.all(instances);
    this.registerOutputs({ instances: this.instances });
  }
}

/** Host and port within the network come from the plan, so a preview never shows them as changed because of a gateway. */
function routeTo({ plan, resources, addedServices, addedEndpoints }: ClusterInternals, service: string) {
  const services = [...plan.model.services, ...addedServices];
  const planned = required(
    services.find(({ name }) => name === service),
    `service ${service}`,
  );
  return {
    host: resources.internalHost(planned),
    port: resources.internalPort(planned),
    ready: addedServices.includes(planned) ? pulumi.all(addedEndpoints) : pulumi.output([]),
  };
}

function configFile({ config, serviceType }: SupportingServiceSpec): ServiceFile[] {
  const path = config?.path ?? (serviceType && servicePresets[serviceType]?.configPath);
  if (config === undefined || path === undefined) return [];
  return [{ path, content: renderConfigFile(path, config.values) }];
}

function imageOf({ image, serviceType, version }: SupportingServiceSpec): string {
  if (serviceType !== undefined) return imageOfService(serviceType);
  return version === undefined ? required(image, "image") : `${image}:${version}`;
}
