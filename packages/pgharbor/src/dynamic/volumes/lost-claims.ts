import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import { deleteConfigMaps } from "../../clients/kubernetes/objects/clean-up";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { knownSystem } from "../../clients/kubernetes/objects/leader";
import { clusterSelector, membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { assertGivenUp } from "./given-up";

/**
 * Runs before the claim of the member that starts first is created. Throws where Patroni knows a database that no claim holds any
 * more, unless the program gives it up; then deletes Patroni's ConfigMaps. Patroni would wait forever for a leader, and an empty
 * database must not replace the lost one unasked.
 */
export async function resolveLostClaims(
  location: PodLocation,
  cluster: string,
  acceptDataLoss?: string,
): Promise<void> {
  const known = await knownSystem(location, cluster);
  if (known === "" || (await isHeld(location, cluster))) return;
  const lost = {
    known,
    path: `cluster ${location.kubernetes.namespace}/${cluster}`,
    because: "Patroni knows it, and no PersistentVolumeClaim of a member holds it any more",
    copy: "a member's claim",
  };
  assertGivenUp(lost, acceptDataLoss);
  await deleteConfigMaps(location, membersSelector(cluster));
}

async function isHeld(location: PodLocation, cluster: string): Promise<boolean> {
  const claims = await listClaims(location, clusterSelector(cluster));
  return claims.some((claim) => !hasNoVolume(claim) && claim.metadata?.deletionTimestamp === undefined);
}
