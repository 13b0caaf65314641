import { names } from "../names";
import { resolveSpec } from "../model/resolve-spec";
import type { PlatformName } from "../model/types";
import type { ClusterSpec } from "../spec";
import { checkHa, haWarnings } from "./cluster/ha";
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

/** Every problem of a cluster at once: first what has a wrong type, then what contradicts a rule. Never throws. */
export function checkCluster(name: string, spec: ClusterSpec): { problems: Problem[]; warnings: string[] } {
  const unread: Problem[] = [];
  const label = text("name", name, unread);
  const read = readCluster("", spec, unread) ?? {};
  const platforms = given(spec);
  // One that could not be read is there all the same: what other fields mean depends upon it.
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
    ...checkTls(read.tls),
    ...checkImages(read.images),
  ];
  return {
    problems,
    warnings: [...haWarnings(model), ...parameterWarnings(read, model), ...serviceWarnings(read, model)],
  };
}

/** Also platforms that could not be read; and of a specification that could not be read, nothing is asked. */
const given = (spec: ClusterSpec): { docker: boolean; kubernetes: boolean } => ({
  docker: isObject(spec) ? spec.docker !== undefined : true,
  kubernetes: isObject(spec) ? spec.kubernetes !== undefined : false,
});

/** The longest that a name may be: that of a pooler of a default service is then still a host name. */
const longestOnDocker = LONGEST_NAME - names.pooler("", MOST_GATEWAYS, "primary").length;
/** So that names of gateways' pods, which end in hashes of 10 and 5 characters, are not cut: they are host names, too. */
const longestOnKubernetes = LONGEST_NAME - `${names.gateway("")}-0123456789-01234`.length;
/** The cluster's network has its name, and Docker has these. */
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
      message: `is the name of a network of Docker's own, got ${show(name)}; choose another`,
    },
  ]);
}
