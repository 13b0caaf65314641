import type * as pulumi from "@pulumi/pulumi";
import {
  first,
  type ClusterPlan,
  type PlannedUnit,
  type ResolvedRepository,
  type ResolvedStorage,
} from "@pgharbor/core";
import { ClusterBackups } from "../../cluster-backups";
import type { DeferredOutputs } from "../../deferred-values";
import { locationArgs, type KubernetesContext } from "../context/context";
import { createRepositoryService } from "../network/internal-services";
import { createRepositoryPolicy } from "../network/network-policies";
import { createOtherUnit, unitContainer, type OtherUnit } from "./other-unit";
import { RepositoryClaim } from "./repository-claim";

/** A pod with repositories. */
export interface RunningRepository extends OtherUnit {
  unit: PlannedUnit;
}

/** Creates the pods with repositories for backups, and of the backups that a new cluster starts from. */
export const createRepositories = (
  context: KubernetesContext,
  plan: ClusterPlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
  after: pulumi.Resource[],
): RunningRepository[] => plan.backups.map((unit) => createRepository(context, unit, deferred, opts, after));

function createRepository(
  context: KubernetesContext,
  unit: PlannedUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
  after: pulumi.Resource[],
): RunningRepository {
  const serviceAccountName = context.spec.backupServiceAccount;
  const own = [
    ...createClaims(context, unit, opts),
    createRepositoryService(context, unit, opts),
    ...createRepositoryPolicy(context, unit, storePorts(context, unit), opts),
  ];
  return { unit, ...createOtherUnit(context, unit, deferred, opts, { after: [...after, ...own], serviceAccountName }) };
}

/** The claims of repositories in volumes. Those of another cluster are that cluster's. */
function createClaims(
  context: KubernetesContext,
  unit: PlannedUnit,
  opts: pulumi.CustomResourceOptions,
): RepositoryClaim[] {
  return repositoriesOf(context, unit).flatMap(({ name: repository, storage, reuse }) =>
    storage.type === "volume" ? [new RepositoryClaim(context, unit, { repository, volume: storage, reuse }, opts)] : [],
  );
}

/** The repositories of a unit. One that reads another cluster's backups has none of its own. */
const repositoriesOf = ({ model }: KubernetesContext, unit: PlannedUnit): ResolvedRepository[] =>
  model.backups?.host === unit.name ? model.backups.repositories : [];

/** Ports of the object stores of a unit. */
function storePorts(context: KubernetesContext, unit: PlannedUnit): number[] {
  const { restore } = context.model;
  const storages: ResolvedStorage[] = [
    ...repositoriesOf(context, unit).map(({ storage }) => storage),
    ...(restore?.host === unit.name ? [restore.storage] : []),
  ];
  return storages.flatMap((storage) => (storage.type === "volume" ? [] : [storage.port ?? HTTPS]));
}
const HTTPS = 443;

/** The archive works once Patroni has written the archive command. */
export function createBackups(
  context: KubernetesContext,
  running: RunningRepository[],
  opts: pulumi.CustomResourceOptions,
): ClusterBackups | undefined {
  const { backups, name } = context.model;
  if (backups === undefined) return undefined;
  const { unit, files } = first(running.filter((one) => one.unit.name === backups.host));
  const container = unitContainer(unit);
  return new ClusterBackups(name, { ...locationArgs(context), container, revision: first(files).revision }, opts);
}
