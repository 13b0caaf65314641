import * as pulumi from "@pulumi/pulumi";
import {
  names,
  renderConfigFile,
  servicePresets,
  type HealthcheckSpec,
  type KubernetesServiceSpec,
  type ServiceConfigSpec,
  type ServiceType,
  type SessionAttrs,
  type SupportingServiceSpec,
} from "@pgharbor/core";
import { invalidArgs } from "../outputs/problems";
import type { ServiceInstance } from "../outputs/service-instance";
import { imageOfService } from "../platform/images";
import type { ServiceFile } from "../platform/platform";
import { besideCluster } from "./beside-cluster";
import { belongsTo, internalsOf, type ClusterInternals } from "./cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import type { PostgresTarget } from "./postgres-target";
import type { BoundUser } from "./service-binding";
import { connectionFiles } from "./supporting-service/connection-files";
import { declareService, serviceProblems } from "./supporting-service/service-problems";
import { takePort } from "./supporting-service/taken-ports";

/** Arguments of `SupportingService`. A change of any of them replaces its container, or pod, where nothing else is said, and touches no other. */
export interface SupportingServiceArgs {
  /** A `PostgresCluster` of the same program; the service joins its network. */
  target: PostgresTarget;
  /** The `databaseName` of a `PgDatabase` on the same target. */
  database: pulumi.Input<string>;
  /** A `PgUser` of the same target. It stays yours: it is not deleted with the service. */
  connectAs: BoundUser;
  /** An image of yours. Exactly one of `image` and `serviceType`. */
  image?: string;
  /** A kind of service that pgharbor has an image for: `mcp`. */
  serviceType?: ServiceType;
  /** Tag of `image`, or the release of a `serviceType`, such as "1.2.3" or "latest". @default the image's own tag; the tested release */
  version?: string;
  /** Hosts to run on, one instance each; at least one, each once. There is one so far: `local`. */
  hosts: string[];
  /** The service of the cluster that it connects through. @default "primary" */
  service?: string;
  /** What its sessions must be able to do. @default "any" */
  targetSessionAttrs?: SessionAttrs;
  /**
   * On Docker the port of the host, at the cluster's bind address; 0 for any free one. On Kubernetes the port of its Service, and 0 as
   * without one; a change touches no pod. @default not published; on Kubernetes the container's
   */
  port?: number;
  /**
   * Only on Kubernetes: its Service, where it has a port. A change touches no pod. Its type is ClusterIP unless it is said here,
   * whatever the cluster's services have. An MCP server answers only by names it knows: name those outside in `env: { DBHUB_ALLOWED_HOSTS }`.
   * @default a Service within the Kubernetes cluster
   */
  kubernetes?: KubernetesServiceSpec;
  /** The port that the program listens on. Required with `image` and `port`; a `serviceType` knows its own. */
  containerPort?: number;
  /** A configuration file. Nothing in it may be secret. */
  config?: ServiceConfigSpec;
  /** Cores, 0.01–128. On Kubernetes a change makes a new pod, and the service is away meanwhile. @default no limit */
  cpus?: number;
  /**
   * With unit, "16MB"–"1TB"; on Docker without swap. On Docker a change updates in place; on Kubernetes it makes a new pod, and the
   * service is away meanwhile. @default no limit
   */
  memory?: string;
  /** Environment of the program. Never for secrets: whoever may inspect containers reads it. */
  env?: Record<string, string>;
  /** Instead of the image's command. */
  command?: string[];
  /** Instead of the image's health check. */
  healthcheck?: HealthcheckSpec;
  /** Further secrets for the program, each as a file: its content by its path. */
  secretFiles?: Record<string, pulumi.Input<string>>;
  /**
   * Numeric user and group to run as, such as "1000:1000". Files are root's and its group's, and this user alone can read them: on Docker it
   * is in that group, on Kubernetes its own group has them. @default the image's own user, and every user of the container can read files
   */
  user?: string;
  /** Linux capabilities that the program cannot do without, such as "NET_BIND_SERVICE". @default none */
  capabilities?: string[];
}

const argNames: ArgNames<SupportingServiceArgs> = {
  target: true,
  database: true,
  connectAs: true,
  image: true,
  serviceType: true,
  version: true,
  hosts: true,
  service: true,
  targetSessionAttrs: true,
  port: true,
  kubernetes: true,
  containerPort: true,
  config: true,
  cpus: true,
  memory: true,
  env: true,
  command: true,
  healthcheck: true,
  secretFiles: true,
  user: true,
  capabilities: true,
};

/**
 * An application beside a cluster: one container on each host, in the cluster's network; on Kubernetes a Deployment of
 * one pod, with a Service where it has a port. It finds its connection as files in /run/pgharbor/connection (`uri`,
 * `connection.json`, `ca.crt`, and `pg_service.conf` for libpq, with `service=pgharbor`), never in its environment or on
 * its command line. An image of yours must do without capabilities and without a root user's rights.
 *
 * ```ts
 * const mcp = new SupportingService("mcp", {
 *   target: cluster, database: db.databaseName, connectAs: reader, serviceType: "mcp", service: "replica", hosts: ["local"], port: 0,
 * });
 * export const instances = mcp.instances;
 * ```
 *
 * An instance that is not well within 5 minutes has failed, and the update with it; on Kubernetes also one that has run for 90 s,
 * or for its `startPeriod` and 30 s where that is longer, and is not ready. Deleting the service deletes its
 * containers and files, never the user.
 */
export class SupportingService extends pulumi.ComponentResource {
  /** One on each host: where it answers, and how it is as the last update or refresh found it. */
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
    const its = internalsOf(target)!;
    super(
      "pgharbor:index:SupportingService",
      name,
      { clusterName: its.plan.model.name, ...spec },
      besideCluster(target, opts),
    );
    belongsTo(target, this);
    declareService(target, { name, nodePort: spec.kubernetes?.nodePort });
    const { bindAddress, name: cluster, platform } = its.plan.model;
    if (spec.port && platform === "docker") takePort(target, { address: bindAddress, port: spec.port, by: subject });

    const { host, port, ready } = way(its, spec.service ?? "primary");
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
      its.attached.addInstance(
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
        { parent: this, dependsOn: its.attached.readyResources },
      ),
    );
    this.instances = pulumi.all(instances);
    this.registerOutputs({ instances: this.instances });
  }
}

/** Host and port within the network are known from the plan: no change of a gateway can make them look changed. */
function way(its: ClusterInternals, service: string) {
  const planned = [...its.plan.model.services, ...its.added].find((s) => s.name === service)!;
  return {
    host: its.attached.internalHost(planned),
    port: its.attached.internalPort(planned),
    ready: its.added.includes(planned) ? pulumi.all(its.addedEndpoints) : pulumi.output([]),
  };
}

function configFile({ config, serviceType }: SupportingServiceSpec): ServiceFile[] {
  const path = config?.path ?? (serviceType && servicePresets[serviceType]?.configPath);
  if (config === undefined || path === undefined) return [];
  return [{ path, content: renderConfigFile(path, config.values) }];
}

function imageOf({ image, serviceType, version }: SupportingServiceSpec): string {
  if (serviceType !== undefined) return imageOfService(serviceType);
  return version === undefined ? image! : `${image}:${version}`;
}
