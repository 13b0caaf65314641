import * as pulumi from "@pulumi/pulumi";
import { planCluster, ports, show, systemUsers, type ClusterPlan, type ClusterSpec } from "@pgharbor/core";
import { endpointsOf, type ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs, orInvalidArgs } from "../outputs/problems";
import { attachToDocker, type AttachedCluster } from "../platform/docker/attach";
import { DeletionGuard } from "../platform/deletion-guard";
import { imagesFor } from "../platform/images";
import { gatherLate, makeAuthority, makeCertificates, makePasswords } from "../platform/secrets";
import { setInternals } from "./cluster-internals";
import type { AdminConnection } from "../platform/sql/admin-connection";
import { isDirectToPrimary } from "./target-problems";

/** Arguments of `PostgresCluster`. Exactly one of `docker` and `kubernetes` says where it runs. */
export interface PostgresClusterArgs extends ClusterSpec {
  /**
   * Refuse to delete the data: `pulumi destroy`, or taking the cluster out of the program, fails until this is false and
   * an `up` has seen it. Changing it touches no container.
   * @default true
   */
  deletionProtection?: boolean;
}

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
  /** `ACTIVE` once every member is there. */
  public readonly status: pulumi.Output<string>;
  /** The PostgreSQL major. */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: PostgresClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { deletionProtection, spec } = readArgs(name, args);
    const plan = orInvalidArgs(() => planCluster(name, spec));
    if (spec.docker === undefined) throw invalidArgs(subject(name), [notYet]);
    // A plain copy: the state of a component shows its arguments.
    super("pgharbor:index:PostgresCluster", name, { ...spec, deletionProtection }, opts);
    const child = { parent: this };
    for (const warning of plan.warnings) void pulumi.log.warn(warning, this);

    const validityDays = spec.tls?.validityDays ?? 3650;
    const passwords = makePasswords(name, plan.passwords, child);
    const authority = makeAuthority(name, validityDays, child);
    const certificates = makeCertificates(plan.certificates, authority, validityDays, child);
    const late = gatherLate(passwords, certificates, authority.certificate);
    const attached = attachToDocker(plan, spec, imagesFor(spec), late, deletionProtection, child);
    const its = { plan, attached, authority, passwords, validityDays, deletedWith: attached.data };
    setInternals(this, { ...its, added: [], addedEndpoints: [] });

    const made = [attached.state, ...attached.containers.flatMap((c) => [c.container, c.files, ...c.data])];
    new DeletionGuard(name, deletionProtection, made, child);

    const ready = whenReady(attached);
    this.targetName = pulumi.output(name);
    this.services = pulumi.all([endpointsOf(plan, attached.containers), ready]).apply(([services]) => services);
    this.endpoints = this.services.apply((all) => Object.fromEntries(all.map((s) => [s.name, `${s.host}:${s.port}`])));
    this.caCertificate = authority.certificate;
    this.adminConnection = adminConnection(plan, this.services, passwords.admin!, this.caCertificate);
    this.status = ready.apply(() => "ACTIVE");
    this.version = pulumi.output(String(plan.facts.postgresMajor));
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
const notYet = { path: "kubernetes", message: "cannot be made yet by this version; write docker: {} instead" };

/** What is no object at all, YAML may pass anything, is left for the rules to refuse. */
function readArgs(name: string, args: PostgresClusterArgs): { deletionProtection: boolean; spec: ClusterSpec } {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return { deletionProtection: true, spec: args };
  const { deletionProtection = true, ...spec } = args;
  if (typeof deletionProtection !== "boolean") {
    const message = `must be true or false, got ${show(deletionProtection)}`;
    throw invalidArgs(subject(name), [{ path: "deletionProtection", message }]);
  }
  return { deletionProtection, spec };
}

/**
 * Resolves once every member and every gateway runs with its configuration. URNs, because they are known in a preview:
 * a changed file must not make every connection string look changed.
 */
const whenReady = (attached: AttachedCluster): pulumi.Output<unknown> =>
  pulumi.all([attached.state.urn, ...attached.containers.map((c) => c.files.urn)]);

/** Straight to the primary: PgBouncer's transaction pooling would lose the advisory lock that serialises changes. */
function adminConnection(
  plan: ClusterPlan,
  services: pulumi.Output<ServiceEndpoint[]>,
  password: pulumi.Output<string>,
  caCertificate: pulumi.Output<string>,
): pulumi.Output<AdminConnection> {
  const direct = plan.services.find(isDirectToPrimary)?.name;
  return pulumi.secret(
    pulumi.all([services, password, caCertificate]).apply(([all, secret, ca]) => {
      const endpoint = all.find((s) => s.name === direct);
      return {
        // Without one, nothing is made on this cluster: `targetProblems` says so.
        host: endpoint?.host ?? "127.0.0.1",
        port: endpoint?.port ?? ports.service.default,
        username: systemUsers.admin,
        password: secret,
        caCertificate: ca,
        database: "postgres",
      };
    }),
  );
}
