import { InvalidSpec } from "../errors";
import { passwordsOn } from "../model/passwords";
import type { ClusterModel } from "../model/types";
import { renderDynamicConfig } from "../render/patroni/dynamic-config";
import { renderPgHba } from "../render/postgres/pg-hba";
import { checkCluster } from "../rules/check-cluster";
import type { ClusterSpec } from "../spec";
import { planBackups } from "./backup-plan";
import { planCertificates } from "./certificates-plan";
import { planGateways } from "./gateway-plan";
import { planIdentities, planMonitoring } from "./identities-plan";
import { planMembers } from "./member-plan";
import { planStore } from "./store-plan";
import type { ClusterPlan, ClusterUnits } from "./types";
import { containersOf, unitsOf } from "./units";

/** The plan of a cluster. Throws `InvalidSpec` with all problems of the specification. */
export function planCluster(name: string, spec: ClusterSpec): ClusterPlan {
  const { model, problems, warnings } = checkCluster(name, spec);
  if (problems.length > 0) throw new InvalidSpec(`PostgresCluster ${JSON.stringify(name)}`, problems);
  const dynamicConfig = renderDynamicConfig(model, renderPgHba(model));
  const units: ClusterUnits = {
    store: planStore(model),
    backups: planBackups(model),
    members: planMembers(model, dynamicConfig),
    gateways: planGateways(model),
    others: [],
  };
  return { ...planUnits(model, units), passwords: passwordsOn(model.platform), dynamicConfig, warnings };
}

/** What follows from the units of a cluster, whatever they are. */
export function planUnits(model: ClusterModel, units: ClusterUnits) {
  const containers = containersOf(unitsOf(units));
  return {
    model,
    ...units,
    certificates: planCertificates(model, containers),
    identities: [...planIdentities(containers), ...planMonitoring(model)],
  };
}
