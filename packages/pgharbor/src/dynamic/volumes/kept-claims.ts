import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { labelKeys, memberNames, names, ExplainedError, type Explanation } from "@pgharbor/core";

import { annotateClaim, listClaims } from "../../clients/kubernetes/objects/claims";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { nameOf } from "../../clients/kubernetes/objects/pods";

/** Marks a claim that was retained when its member was deleted. A cluster adopts only such claims. */
export const RETAINED = "pgharbor.retained";
/**
 * Set on every retained claim of a deleted cluster. The member that starts first leads, however old that member's data
 * is, and the others follow its timeline. So it must be the member that led last: transactions that it lacks would be
 * lost.
 */
export const LED_LAST = "pgharbor.led-last";

/** Without a leader, no claim is marked. */
export async function markLastLeader(
  location: PodLocation,
  cluster: string,
  leader: string | undefined,
): Promise<void> {
  for (const claim of await claimsOf(location, cluster))
    await annotateClaim(location, nameOf(claim), { [LED_LAST]: String(podOf(cluster, claim) === leader) });
}

/** The marker of a running cluster would become outdated. */
export async function clearLastLeader(location: PodLocation, cluster: string): Promise<void> {
  for (const claim of (await claimsOf(location, cluster)).filter(ledLast))
    await annotateClaim(location, nameOf(claim), { [LED_LAST]: "false" });
}

/** True where another pod than this one is marked. */
export async function isAnotherMarked(location: PodLocation, cluster: string, pod: string): Promise<boolean> {
  return (await claimsOf(location, cluster)).some((claim) => ledLast(claim) && podOf(cluster, claim) !== pod);
}

/**
 * Throws if a cluster that starts with this claim would lose retained data. Otherwise marks the claim's member among
 * the retained claims.
 */
export async function prepareClusterStart(location: PodLocation, cluster: string, claim: string): Promise<void> {
  const all = await claimsOf(location, cluster);
  const problem = problemOfStart(location.kubernetes.namespace, claim, all);
  if (problem !== undefined) throw new ExplainedError(problem);
  const found = all.find((one) => nameOf(one) === claim);
  // The marker stays correct when this attempt ends before a member has started.
  if (found !== undefined && keptOf(all).some((one) => one !== found))
    await markLastLeader(location, cluster, podOf(cluster, found));
}

export function problemOfStart(
  namespace: string,
  claim: string,
  all: V1PersistentVolumeClaim[],
): Explanation | undefined {
  const found = all.find((one) => nameOf(one) === claim);
  const others = keptOf(all).filter((one) => one !== found);
  if (others.length === 0 || (found !== undefined && ledLast(found))) return undefined;
  const last = others.find(ledLast);
  const kept = others.map((one) => (one === last ? `${nameOf(one)} (last leader)` : nameOf(one))).join(", ");
  const use = (one: string) => annotateCommand(namespace, one, LED_LAST);
  const lose = found === undefined ? "delete those claims" : `run ${use(claim)}`;
  const start =
    last === undefined
      ? `choose the member that leads, run ${use("<its claim>")}, and let it start first`
      : `let ${memberOf(last)} start first`;
  return {
    path: `PersistentVolumeClaim ${namespace}/${claim}`,
    problem:
      found === undefined
        ? "would be new and start an empty cluster, while claims of the same cluster are retained"
        : last === undefined
          ? "may be older than other retained claims: it is not known which member was the last leader"
          : "does not belong to the last leader: transactions that it lacks would be lost",
    value: kept,
    fix: `${start}: for the next \`up\` only, set ${settingsFor(last)}; or, to lose the retained data, ${lose}`,
  };
}

/** The command that sets an annotation of a claim. */
export const annotateCommand = (namespace: string | undefined, claim: string, annotation: string): string =>
  `kubectl -n ${namespace} annotate --overwrite pvc ${claim} ${annotation}=true`;

const keptOf = (all: V1PersistentVolumeClaim[]): V1PersistentVolumeClaim[] =>
  all.filter(({ metadata }) => metadata?.annotations?.[RETAINED] === "true" && metadata.deletionTimestamp == null);

/** The first member that may be elected starts first. */
function settingsFor(last: V1PersistentVolumeClaim | undefined): string {
  if (last === undefined) return `memberSettings: { <each member before it>: { role: "offline" } }`;
  const before = memberNames(Number(memberOf(last).slice(1)) - 1);
  const offline = before.map((name) => `${name}: { role: "offline" }`);
  return `memberSettings: { ${[...offline, `${memberOf(last)}: { role: "replica" }`].join(", ")} }`;
}

const claimsOf = (location: PodLocation, cluster: string): Promise<V1PersistentVolumeClaim[]> =>
  listClaims(location, membersSelector(cluster));
const ledLast = ({ metadata }: V1PersistentVolumeClaim): boolean => metadata?.annotations?.[LED_LAST] === "true";
const memberOf = ({ metadata }: V1PersistentVolumeClaim): string => metadata?.labels?.[labelKeys.member] ?? "";
const podOf = (cluster: string, claim: V1PersistentVolumeClaim): string => names.memberPod(cluster, memberOf(claim));
