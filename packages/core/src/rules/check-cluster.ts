import { names } from "../names";
import { resolveSpec } from "../model/resolve-spec";
import type { ClusterModel, PlatformName } from "../model/types";
import type { ClusterSpec } from "../spec";
import { checkHa, haWarnings } from "./cluster/ha";
import { checkBackups } from "./backups/backups";
import { checkRestore } from "./backups/restore";
import { checkHba } from "./hba/hba";
import { checkImages } from "./cluster/images";
import { checkKubernetes } from "./kubernetes/kubernetes";
import { checkMembers } from "./cluster/members";
import { checkParameters, checkPreloads, parameterWarnings } from "./parameters/parameters";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME } from "./shared/patterns";
import { checkPlatform, platformOf } from "./cluster/platform";
import { problemsOf, show, type Problem } from "../errors";
import { isObject, text } from "../read/read";
import { readCluster } from "../read/cluster";
import { checkResources } from "./cluster/resources";
import { checkPools, checkServices, MOST_GATEWAYS, serviceWarnings } from "./services/services";
import { checkTls } from "./cluster/tls";
import { checkVersion } from "./cluster/versions";

/** What a specification means, and what is wrong with it. */
export interface CheckedCluster {
  /** Can be planned only if there are no problems. */
  model: ClusterModel;
  problems: Problem[];
  warnings: string[];
}

/** All problems of a cluster: first values of a wrong type, then broken rules. Never throws. */
export function checkCluster(name: string, spec: ClusterSpec): CheckedCluster {
  const unread: Problem[] = [];
  const label = text("name", name, unread);
  const read = readCluster("", spec, unread) ?? {};
  const platforms = given(spec);
  // A platform that could not be read still counts as given, because it decides the meaning of other fields.
  if (platforms.docker) read.docker ??= {};
  if (platforms.kubernetes) read.kubernetes ??= {};
  const model = resolveSpec(label ?? "", read);
  const problems = [
    ...unread,
    ...checkName(label, platformOf(read)),
    ...checkPlatform(read, platforms),
    ...checkKubernetes(label ?? "", read),
    ...checkVersion(read.postgresVersion),
    ...checkMembers(read, model),
    ...checkResources(read.resources),
    ...checkHa(read, model),
    ...checkParameters(read),
    ...checkPreloads(read.sharedPreloadLibraries),
    ...checkHba(read, model),
    ...checkServices(read, model),
    ...checkPools(read, model),
    ...checkBackups(read, model),
    ...checkRestore(read),
    ...checkTls(read.tls),
    ...checkImages(read.images),
  ];
  return {
    model,
    problems,
    warnings: [...haWarnings(model), ...parameterWarnings(read, model), ...serviceWarnings(read, model)],
  };
}

/** True also for platforms that could not be read. If the specification itself could not be read, no platform is reported as missing. */
const given = (spec: ClusterSpec): { docker: boolean; kubernetes: boolean } => ({
  docker: isObject(spec) ? spec.docker !== undefined : true,
  kubernetes: isObject(spec) ? spec.kubernetes !== undefined : false,
});

/** Maximum length of a name, so that the pooler of a default service still has a valid host name. */
const longestOnDocker = LONGEST_NAME - names.pooler("", MOST_GATEWAYS, "primary").length;
/** Leaves room for gateways' pod names, which are host names, too, and end in hashes of 10 and 5 characters. */
const longestOnKubernetes = LONGEST_NAME - `${names.gateway("")}-0123456789-01234`.length;
/** The cluster's network has the cluster's name, and Docker reserves these. */
const dockerNetworks = ["bridge", "host", "none", "default"];

function checkName(name: string | undefined, platform?: PlatformName): Problem[] {
  const path = "name";
  if (name === undefined) return [];
  const onKubernetes = platform === "kubernetes";
  const longest = onKubernetes ? longestOnKubernetes : longestOnDocker;
  const what = onKubernetes ? "on Kubernetes, for names of pods" : "characters, for container names";
  return problemsOf([
    { when: !isDnsLabel(name), path, message: `${DNS_LABEL}, got ${show(name)}` },
    {
      when: isDnsLabel(name) && name.length > longest,
      path,
      message: `must be at most ${longest} ${what} start with it and have at most ${LONGEST_NAME}, got ${name.length}: ${show(name)}`,
    },
    {
      when: !onKubernetes && dockerNetworks.includes(name),
      path,
      message: `is the name of a predefined Docker network, got ${show(name)}; choose another`,
    },
  ]);
}
