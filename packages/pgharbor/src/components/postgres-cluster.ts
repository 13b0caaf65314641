import * as pulumi from "@pulumi/pulumi";
import { planCluster, required, ports, systemUsers, type ClusterPlan } from "@pgharbor/core";
import type { RepositoryStatus } from "../dynamic/backups/repository-status";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { planOrThrow } from "../outputs/problems";
import { createDeletionGuards } from "../platform/deletion-guard";
import { imagesFor } from "../platform/images";
import { createPlatform } from "../program/create-platform";
import { defaultProviderConfig } from "../platform/kubernetes/context/provider-config";
import type { ClusterResources } from "../platform/platform";
import { createOwnAuthority } from "../platform/certificates";
import { createIdentities } from "../platform/identities";
import { createPasswords, type Passwords } from "../platform/secrets";
import { registerCluster } from "../program/cluster-internals";
import { checkedPassphrase } from "./checked-secret";
import { objectStoreCredentials } from "./object-store-credentials";
import { backupWarnings, readArgs, type PostgresClusterArgs, type ReadArgs } from "./postgres-cluster-args";
import type { AdminConnection, AdminRoute } from "../platform/sql/admin-connection";
import { isDirectToPrimary } from "./target-problems";

/**
 * A highly available PostgreSQL: Patroni members, etcd for the leader's lease, HAProxy and PgBouncer in front.
 *
 * ```ts
 * const cluster = new PostgresCluster("shop", { docker: {}, postgresVersion: "17", members: 3 });
 * export const services = cluster.services;
 * ```
 *
 * Invalid arguments are one error with every problem, before anything is created. Each argument documents the effect of a change on a
 * running cluster; the primary is restarted only if a change requires it.
 */
export class PostgresCluster extends pulumi.ComponentResource {
  /** The cluster's name. */
  public readonly targetName: pulumi.Output<string>;
  /** All services: name, host, port, role. Resolves when every member is ready. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;
  /** `host:port` by service name. */
  public readonly endpoints: pulumi.Output<Record<string, string>>;
  /** PEM of the cluster's certificate authority, with which clients verify servers. */
  public readonly caCertificate: pulumi.Output<string>;
  /** The connection of pgharbor's own SQL to the primary. Secret. */
  public readonly adminConnection: pulumi.Output<AdminConnection>;
  /** The kubeconfig of a cluster on Kubernetes. Secret. */
  public readonly kubeconfig?: pulumi.Output<string>;
  /** What each repository of `backups` holds, by name; a refresh reads it. Empty without backups. */
  public readonly backups: pulumi.Output<Record<string, RepositoryStatus>>;
  /** Passphrase of the backups. Keep a copy outside of Pulumi's state: without it no backup can be read. Secret. Absent without backups. */
  public readonly backupPassphrase?: pulumi.Output<string>;
  /** `ACTIVE` once every member is ready. */
  public readonly status: pulumi.Output<string>;
  /** The PostgreSQL major. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const given = readArgs(args);
    const { deletionProtection } = given;
    const plan = planOrThrow(subject(name), () => planCluster(name, given.spec), given.problems);
    // The state of the component shows these arguments.
    super("pgharbor:index:PostgresCluster", name, { ...given.spec, deletionProtection }, opts);
    const { kubeconfig, spec } = withDefaultConnection(given, this);
    const child = { parent: this };
    for (const warning of [...plan.warnings, ...backupWarnings(given)]) void pulumi.log.warn(warning, this);

    const platform = createPlatform(
      { plan, spec, images: imagesFor(spec, plan.model.postgresMajor), deletionProtection, kubeconfig },
      child,
    );
    const random = createPasswords(name, plan.passwords, child);
    const passwords = withPassphrase(name, platform.readPasswords?.(random) ?? random, given.backupPassphrase);
    const { validityDays = 3650 } = spec.tls ?? {};
    const issuing = { name, certificates: plan.certificates, validityDays, namespace: platform.namespace };
    const certificates = platform.createCertificates?.(plan, child) ?? createOwnAuthority(issuing, child);
    const identities = createIdentities({ name, identities: plan.identities, validityDays }, child);
    const deferred = {
      passwords,
      certificates: { ...certificates.certificates, ...identities.certificates },
      authorities: identities.authorities,
      caCertificate: certificates.caCertificate,
      credentials: objectStoreCredentials(subject(name), plan.model, {
        backups: given.backupCredentials,
        restore: given.restoreCredentials,
      }),
      restorePassphrase: given.restorePassphrase === undefined ? undefined : pulumi.secret(given.restorePassphrase),
    };
    const resources = platform.createResources(deferred);
    const retainsData = spec.kubernetes?.storage?.retainOnDelete === true;
    const components: pulumi.Resource[] = [];
    registerCluster(this, {
      plan,
      retainsData,
      platform,
      resources,
      certificates,
      identities,
      passwords,
      deletedWith: resources.data,
      addedServices: [],
      addedEndpoints: [],
      components,
    });
    createDeletionGuards(this, { cluster: name, on: deletionProtection }, () => components);

    const { ready } = resources;
    this.targetName = pulumi.output(name);
    this.services = pulumi.all([resources.endpoints, ready]).apply(([services]) => services);
    this.endpoints = this.services.apply((all) => Object.fromEntries(all.map((s) => [s.name, `${s.host}:${s.port}`])));
    this.caCertificate = certificates.caCertificate;
    this.adminConnection = adminConnection(
      plan,
      resources,
      required(passwords.admin, "the admin's password"),
      this.caCertificate,
    );
    if (kubeconfig !== undefined) this.kubeconfig = pulumi.secret(kubeconfig);
    this.backups = resources.backups ?? pulumi.output<Record<string, RepositoryStatus>>({});
    warnOfProofs(this);
    if (plan.model.backups !== undefined && passwords.backupCipher !== undefined)
      this.backupPassphrase = pulumi.secret(passwords.backupCipher);
    this.status = ready.apply(() => "ACTIVE");
    this.version = pulumi.output(String(plan.model.postgresMajor));
    this.registerOutputs({
      targetName: this.targetName,
      services: this.services,
      endpoints: this.endpoints,
      caCertificate: this.caCertificate,
      adminConnection: this.adminConnection,
      backups: this.backups,
      backupPassphrase: this.backupPassphrase,
      status: this.status,
      version: this.version,
    });
  }
}

const subject = (name: string): string => `PostgresCluster ${JSON.stringify(name)}`;

/** The passphrase of the program, or the random one. */
const withPassphrase = (name: string, passwords: Passwords, given: pulumi.Input<string> | undefined): Passwords =>
  given === undefined
    ? passwords
    : { ...passwords, backupCipher: pulumi.secret(checkedPassphrase(subject(name), given)) };

/** A preview knows what the last refresh or `up` read. */
function warnOfProofs(cluster: PostgresCluster): void {
  cluster.backups.apply((repositories?: Record<string, RepositoryStatus>) => {
    for (const [name, { proofProblem }] of Object.entries(repositories ?? {}))
      if (proofProblem !== undefined)
        void pulumi.log.warn(`backups: repository ${name} does not restore: ${proofProblem}`, cluster);
  });
}

/** The connection to Kubernetes defaults to the configuration of Pulumi's default provider. */
function withDefaultConnection(given: ReadArgs, component: pulumi.Resource): ReadArgs {
  const { kubernetes } = given.spec;
  if (kubernetes === undefined || given.kubeconfig !== undefined || kubernetes.connection?.context !== undefined)
    return given;
  const { kubeconfig, context } = defaultProviderConfig(component);
  const connection = { ...kubernetes.connection, context };
  return { ...given, kubeconfig, spec: { ...given.spec, kubernetes: { ...kubernetes, connection } } };
}

/** Connects directly to the primary, because PgBouncer's transaction pooling would lose the advisory lock that serialises changes. */
function adminConnection(
  plan: ClusterPlan,
  resources: ClusterResources,
  password: pulumi.Output<string>,
  caCertificate: pulumi.Output<string>,
): pulumi.Output<AdminConnection> {
  const direct = plan.model.services.find(isDirectToPrimary);
  // Without a direct service `targetProblems` refuses users and databases, so the route is never used.
  const route = pulumi.output(
    direct === undefined ? UNUSED_ROUTE : resources.adminRoute(direct),
  ) as pulumi.Output<AdminRoute>;
  return pulumi.secret(
    pulumi.all([route, password, caCertificate, resources.ready]).apply(([known, secret, ca]) => ({
      ...known,
      username: systemUsers.admin,
      password: secret,
      caCertificate: ca,
      database: "postgres",
    })),
  );
}

const UNUSED_ROUTE: AdminRoute = { host: "127.0.0.1", port: ports.service.default };
