import { names } from "../names";
import { tunedParameters } from "../plan/tuning";
import { TuningProfile, type ClusterSpec } from "../spec";
import { parseBytes } from "../spec/units";
import { checkHa, haWarnings } from "./ha";
import { checkHba } from "./hba";
import { checkImages } from "./images";
import { checkMembers } from "./members";
import { checkParameters, checkPreloads, parameterWarnings } from "./parameters";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME } from "./patterns";
import { checkPlatform } from "./platform";
import { problemsOf, show, type Problem } from "./problem";
import { isObject, text, type Read } from "./read";
import { readCluster } from "./readers";
import { checkResources } from "./resources";
import { checkPools, checkServices, MOST_GATEWAYS, serviceWarnings } from "./services";
import { checkTls } from "./tls";
import { checkVersion } from "./versions";

/** Every problem of a cluster at once: first what has a wrong type, then what contradicts a rule. Never throws. */
export function checkCluster(name: string, spec: ClusterSpec): { problems: Problem[]; warnings: string[] } {
  const unread: Problem[] = [];
  const label = text("name", name, unread);
  const read = readCluster("", spec, unread) ?? {};
  const problems = [
    ...unread,
    ...checkName(label),
    ...checkPlatform(read, given(spec)),
    ...checkVersion(read.postgresVersion),
    ...checkMembers(read),
    ...checkResources(read.resources),
    ...checkHa(read),
    ...checkParameters(read),
    ...checkPreloads(read.sharedPreloadLibraries),
    ...checkHba(read),
    ...checkServices(label ?? "", read),
    ...checkPools(read, maxConnections(read)),
    ...checkTls(read.tls),
    ...checkImages(read.images),
  ];
  return { problems, warnings: [...haWarnings(read), ...parameterWarnings(read), ...serviceWarnings(read)] };
}

/** Also platforms that could not be read; and of a specification that could not be read, nothing is asked. */
const given = (spec: ClusterSpec): { docker: boolean; kubernetes: boolean } => ({
  docker: isObject(spec) ? spec.docker !== undefined : true,
  kubernetes: isObject(spec) ? spec.kubernetes !== undefined : false,
});

/** The longest that a name may be: that of a pooler of a default service is then still a host name. */
const longestName = LONGEST_NAME - names.pooler("", MOST_GATEWAYS, "primary").length;
/** The cluster's network has its name, and Docker has these. */
const dockerNetworks = ["bridge", "host", "none", "default"];

function checkName(name: string | undefined): Problem[] {
  const path = "name";
  if (name === undefined) return [];
  return problemsOf([
    { when: !isDnsLabel(name), path, message: `${DNS_LABEL}, got ${show(name)}` },
    {
      when: isDnsLabel(name) && name.length > longestName,
      path,
      message: `must be at most ${longestName} characters, for container names start with it and have at most ${LONGEST_NAME}, got ${name.length}: ${show(name)}`,
    },
    {
      when: dockerNetworks.includes(name),
      path,
      message: `is the name of a network of Docker's own, got ${show(name)}; choose another`,
    },
  ]);
}

/** `max_connections` in force: as written, else by tuning. */
function maxConnections(read: Read<ClusterSpec>): number {
  const written = read.parameters?.max_connections ?? "";
  if (/^\d{1,6}$/.test(written)) return Number(written);
  const size = (value: string | undefined, byDefault: string) =>
    parseBytes(value ?? byDefault) || parseBytes(byDefault);
  const resources = {
    cpu: read.resources?.cpu ?? 1,
    memoryBytes: size(read.resources?.memory, "1GB"),
    diskBytes: size(read.resources?.disk, "8GB"),
  };
  return Number(tunedParameters(read.tuning ?? TuningProfile.Oltp, resources, 17).max_connections);
}
