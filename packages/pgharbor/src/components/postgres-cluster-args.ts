import type * as pulumi from "@pulumi/pulumi";
import { isObject, show, type ClusterSpec, type Problem } from "@pgharbor/core";
import { knownArgs, type ArgNames } from "./known-args";
import { hasObjectStore, type ObjectStoreCredentials } from "./object-store-credentials";

/** Arguments of `PostgresCluster`. Exactly one of `docker` and `kubernetes` is required. */
export interface PostgresClusterArgs extends ClusterSpec {
  /**
   * Protects the data: `pulumi destroy`, or removing the cluster from the program, fails until an `up` has set this to false. Removing a
   * member fails too, because its data would be deleted, unless its claim is retained on Kubernetes (`storage.retainOnScaleDown`). A
   * change touches no container.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Passphrase of the backups, at least 16 characters, for example that of a destroyed cluster whose repository is reused. It cannot
   * change: pgBackRest encrypts a repository once. Secret. @default random, see the output of the same name
   */
  backupPassphrase?: pulumi.Input<string>;
  /**
   * With `backups` in object stores: credentials by repository, as secrets of the stack's configuration. A repository without any uses the
   * role of the machine, or of the pod's ServiceAccount. A change reloads. Secret. @default none
   */
  backupCredentials?: pulumi.Input<Record<string, pulumi.Input<ObjectStoreCredentials>>>;
  /** With `restore`: the passphrase of those backups, the output `backupPassphrase` of their cluster. Secret. */
  restorePassphrase?: pulumi.Input<string>;
  /** With `restore` from an object store: its credentials. Secret. @default none, as for `backupCredentials` */
  restoreCredentials?: pulumi.Input<ObjectStoreCredentials>;
  /**
   * Applies only on Kubernetes: contents or path of the kubeconfig of the provider's cluster, for commands in members and for SQL. A
   * change touches no pod. A kubeconfig of another Kubernetes cluster is refused.
   * @default the configuration `kubernetes:kubeconfig` and `kubernetes:context` that Pulumi's default provider has, else KUBECONFIG, else
   * ~/.kube/config
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
  backups: true,
  restore: true,
  tls: true,
  images: true,
  sharedPreloadLibraries: true,
  acceptDataLoss: true,
  deletionProtection: true,
  backupPassphrase: true,
  backupCredentials: true,
  restorePassphrase: true,
  restoreCredentials: true,
  kubeconfig: true,
};

/** Arguments, separated into the specification and what only Pulumi knows. */
export interface ReadArgs {
  deletionProtection: boolean;
  backupPassphrase?: pulumi.Input<string>;
  restorePassphrase?: pulumi.Input<string>;
  backupCredentials?: PostgresClusterArgs["backupCredentials"];
  restoreCredentials?: PostgresClusterArgs["restoreCredentials"];
  kubeconfig?: pulumi.Input<string>;
  spec: ClusterSpec;
  /** Problems of arguments outside `spec`. */
  problems: Problem[];
}

/** The rules refuse arguments that are not an object, which a YAML program may pass. */
export function readArgs(args: PostgresClusterArgs): ReadArgs {
  if (!isObject(args)) return { deletionProtection: true, spec: args, problems: [] };
  const { known, problems } = knownArgs<PostgresClusterArgs>(args, argNames);
  const { deletionProtection = true, kubeconfig, ...others } = known;
  const { backupPassphrase, backupCredentials, restorePassphrase, restoreCredentials, ...spec } = others;
  if (typeof deletionProtection !== "boolean")
    problems.push({
      path: "deletionProtection",
      message: `must be true or false, got ${show(deletionProtection)}`,
    });
  if (kubeconfig !== undefined && spec.kubernetes === undefined)
    problems.push({ path: "kubeconfig", message: "applies only on Kubernetes; leave it out" });
  if (restorePassphrase === undefined && spec.restore !== undefined)
    problems.push({
      path: "restorePassphrase",
      message: "is missing: backups are encrypted; give the backupPassphrase of their cluster",
    });
  problems.push(
    ...onlyWith("a repository in `backups`", hasRepository(spec), { backupPassphrase }),
    ...onlyWith("`restore`", spec.restore !== undefined, { restorePassphrase }),
    ...onlyWith("a repository in an object store", hasObjectStore(spec.backups?.repositories), { backupCredentials }),
    ...onlyWith("`restore` from an object store", hasObjectStore({ restore: spec.restore }), { restoreCredentials }),
  );
  const secrets = { backupPassphrase, backupCredentials, restorePassphrase, restoreCredentials };
  return { deletionProtection, kubeconfig, ...secrets, spec, problems };
}

const hasRepository = ({ backups }: ClusterSpec): boolean =>
  isObject(backups?.repositories) && Object.keys(backups.repositories).length > 0;

/** A trial needs no backups. */
export const backupWarnings = ({ deletionProtection, spec }: ReadArgs): string[] =>
  deletionProtection && spec.backups === undefined
    ? [
        "backups: there are none, so the data has no copy outside the members; add a repository, or say that this is " +
          "meant: `backups: { repositories: {} }`",
      ]
    : [];

/** Secrets of what the program does not have, which nobody would read. */
const onlyWith = (what: string, isGiven: boolean, args: Record<string, unknown>): Problem[] =>
  Object.entries(args)
    .filter(([, value]) => value !== undefined && !isGiven)
    .map(([path]) => ({ path, message: `applies only with ${what}; leave it out` }));
