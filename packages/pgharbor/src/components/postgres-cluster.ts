import * as pulumi from "@pulumi/pulumi";
import {
  isObject,
  planCluster,
  required,
  ports,
  show,
  systemUsers,
  type ClusterPlan,
  type ClusterSpec,
  type Problem,
} from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { orInvalidArgs } from "../outputs/problems";
import { guardDeletion } from "../platform/deletion-guard";
import { imagesFor } from "../platform/images";
import { openPlatform } from "../program/open-platform";
import { wayOfDefaultProvider } from "../platform/kubernetes/context/provider-config";
import type { AttachedCluster } from "../platform/platform";
import { ownAuthority } from "../platform/certificates";
import { makeIdentities } from "../platform/identities";
import { makePasswords } from "../platform/secrets";
import { registerCluster } from "../program/cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import type { AdminConnection, AdminRoute } from "../platform/sql/admin-connection";
import { isDirectToPrimary } from "./target-problems";

/** Arguments of `PostgresCluster`. Exactly one of `docker` and `kubernetes` says where it runs. */
export interface PostgresClusterArgs extends ClusterSpec {
  /**
   * Refuse to delete the data: `pulumi destroy`, or taking the cluster out of the program, fails until this is false and
   * an `up` has seen it. So does taking out a member, for its data goes with it, unless on Kubernetes its claim is kept
   * (`storage.retainOnScaleDown`). Changing it touches no container.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Only on Kubernetes: contents or path of the kubeconfig of the provider's cluster, for commands in members and for SQL. A
   * change changes nothing that runs. What leads to another Kubernetes than the provider is refused.
   * @default the configuration `kubernetes:kubeconfig` and `kubernetes:context` that Pulumi's default provider has, else KUBECONFIG, else ~/.kube/config
   */
  kubeconfig?: pulumi.Input<string>;
}

const argNames: ArgNames<PostgresClusterArgs> = {
  docker: true,
  kubernetes: true,
  postgresVersion: true,
  members: true,
  memberSettings: true,
  gateways: true,
  resources: true,
  tuning: true,
  ha: true,
  haTimings: true,
  sync: true,
  syncReplicas: true,
  maximumLagOnFailover: true,
  drainTimeout: true,
  parameters: true,
  hba: true,
  logging: true,
  services: true,
  defaultServices: true,
  pool: true,
  tls: true,
  images: true,
  sharedPreloadLibraries: true,
  acceptDataLoss: true,
  deletionProtection: true,
  kubeconfig: true,
};

/**
 * A highly available PostgreSQL: Patroni members, etcd for the leader's lease, HAProxy and PgBouncer in front.
 *
 * ```ts
 * const cluster = new PostgresCluster("shop", { docker: {}, postgresVersion: "17", members: 3 });
 * export const services = cluster.services;
 * ```
 *
 * Bad arguments end in one error that names every problem, before anything is made. What a change does to a running
 * cluster is said at each argument; none restarts the primary that need not.
 */
export class PostgresCluster extends pulumi.ComponentResource {
  /** The cluster's name. */
  public readonly targetName: pulumi.Output<string>;
  /** Every service: name, host, port, role. Resolves when every member is there. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;
  /** `host:port` by service name. */
  public readonly endpoints: pulumi.Output<Record<string, string>>;
  /** PEM of the cluster's certificate authority: what clients verify servers with. */
  public readonly caCertificate: pulumi.Output<string>;
  /** How pgharbor's own SQL reaches the primary. Secret. */
  public readonly adminConnection: pulumi.Output<AdminConnection>;
  /** What `kubernetes` clusters are reached with. Secret. */
  public readonly kubeconfig?: pulumi.Output<string>;
  /** `ACTIVE` once every member is there. */
  public readonly status: pulumi.Output<string>;
  /** The PostgreSQL major. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const given = readArgs(args);
    const { deletionProtection } = given;
    const plan = orInvalidArgs(subject(name), () => planCluster(name, given.spec), given.problems);
    // A plain copy: the state of a component shows its arguments.
    super("pgharbor:index:PostgresCluster", name, { ...given.spec, deletionProtection }, opts);
    const { kubeconfig, spec } = withWay(given, this);
    const child = { parent: this };
    for (const warning of plan.warnings) void pulumi.log.warn(warning, this);

    const platform = openPlatform(
      { plan, spec, images: imagesFor(spec, plan.model.postgresMajor), deletionProtection, kubeconfig },
      child,
    );
    const random = makePasswords(name, plan.passwords, child);
    const passwords = platform.passwords?.(random) ?? random;
    const { validityDays = 3650 } = spec.tls ?? {};
    const issuing = { name, certificates: plan.certificates, validityDays, namespace: platform.namespace };
    const certificates = platform.certificates?.(plan, child) ?? ownAuthority(issuing, child);
    const identities = makeIdentities({ name, identities: plan.identities, validityDays }, child);
    const deferred = {
      passwords,
      certificates: { ...certificates.certificates, ...identities.certificates },
      authorities: identities.authorities,
      caCertificate: certificates.caCertificate,
    };
    const attached = platform.attach(deferred);
    const keepsData = spec.kubernetes?.storage?.retainOnDelete === true;
    const its = {
      plan,
      keepsData,
      platform,
      attached,
      certificates,
      identities,
      passwords,
      deletedWith: attached.data,
    };
    const beside: pulumi.Resource[] = [];
    registerCluster(this, { ...its, added: [], addedEndpoints: [], beside });
    guardDeletion(this, { cluster: name, on: deletionProtection }, () => beside);

    const { ready } = attached;
    this.targetName = pulumi.output(name);
    this.services = pulumi.all([attached.endpoints, ready]).apply(([services]) => services);
    this.endpoints = this.services.apply((all) => Object.fromEntries(all.map((s) => [s.name, `${s.host}:${s.port}`])));
    this.caCertificate = certificates.caCertificate;
    this.adminConnection = adminConnection(
      plan,
      attached,
      required(passwords.admin, "the admin's password"),
      this.caCertificate,
    );
    if (kubeconfig !== undefined) this.kubeconfig = pulumi.secret(kubeconfig);
    this.status = ready.apply(() => "ACTIVE");
    this.version = pulumi.output(String(plan.model.postgresMajor));
    this.registerOutputs({
      targetName: this.targetName,
      services: this.services,
      endpoints: this.endpoints,
      caCertificate: this.caCertificate,
      adminConnection: this.adminConnection,
      status: this.status,
      version: this.version,
    });
  }
}

const subject = (name: string): string => `PostgresCluster ${JSON.stringify(name)}`;

interface ReadArgs {
  deletionProtection: boolean;
  kubeconfig?: pulumi.Input<string>;
  spec: ClusterSpec;
  /** Of what is no part of `spec`. */
  problems: Problem[];
}

/** What is no object at all, YAML may pass anything, is left for the rules to refuse. */
function readArgs(args: PostgresClusterArgs): ReadArgs {
  if (!isObject(args)) return { deletionProtection: true, spec: args, problems: [] };
  const { known, problems } = knownArgs<PostgresClusterArgs>(args, argNames);
  const { deletionProtection = true, kubeconfig, ...spec } = known;
  if (typeof deletionProtection !== "boolean")
    problems.push({
      path: "deletionProtection",
      message: `must be true or false, got ${show(deletionProtection)}`,
    });
  if (kubeconfig !== undefined && spec.kubernetes === undefined)
    problems.push({ path: "kubeconfig", message: "is of use on Kubernetes only; leave it out" });
  return { deletionProtection, kubeconfig, spec, problems };
}

/** What is not said of the way to Kubernetes is as Pulumi's default provider has it. */
function withWay(given: ReadArgs, component: pulumi.Resource): ReadArgs {
  const { kubernetes } = given.spec;
  if (kubernetes === undefined || given.kubeconfig !== undefined || kubernetes.connection?.context !== undefined)
    return given;
  const { kubeconfig, context } = wayOfDefaultProvider(component);
  const connection = { ...kubernetes.connection, context };
  return { ...given, kubeconfig, spec: { ...given.spec, kubernetes: { ...kubernetes, connection } } };
}

/** Straight to the primary: PgBouncer's transaction pooling would lose the advisory lock that serialises changes. */
function adminConnection(
  plan: ClusterPlan,
  attached: AttachedCluster,
  password: pulumi.Output<string>,
  caCertificate: pulumi.Output<string>,
): pulumi.Output<AdminConnection> {
  const direct = plan.model.services.find(isDirectToPrimary);
  // Without one, nothing is made on this cluster: `targetProblems` says so.
  const route = pulumi.output(
    direct === undefined ? nowhere : attached.adminRoute(direct),
  ) as pulumi.Output<AdminRoute>;
  return pulumi.secret(
    pulumi.all([route, password, caCertificate, attached.ready]).apply(([way, secret, ca]) => ({
      ...way,
      username: systemUsers.admin,
      password: secret,
      caCertificate: ca,
      database: "postgres",
    })),
  );
}

const nowhere: AdminRoute = { host: "127.0.0.1", port: ports.service.default };
