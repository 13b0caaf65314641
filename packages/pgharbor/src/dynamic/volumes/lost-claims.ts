import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import { deleteConfigMaps } from "../../clients/kubernetes/objects/clean-up";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { knownSystem } from "../../clients/kubernetes/objects/leader";
import { ofCluster, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { requireGivenUp } from "./given-up";

/**
 * Before the claim of the member that starts first is created: throws where Patroni knows a database and no claim holds it any more.
 * Patroni would wait for a leader for ever, and nothing may create an empty database in its place unasked.
 */
export async function checkClaimsHoldData(
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
  requireGivenUp(lost, acceptDataLoss);
  await deleteConfigMaps(location, ofMembers(cluster));
}

async function isHeld(location: PodLocation, cluster: string): Promise<boolean> {
  const claims = await listClaims(location, ofCluster(cluster));
  return claims.some((claim) => !hasNoVolume(claim) && claim.metadata?.deletionTimestamp === undefined);
}
