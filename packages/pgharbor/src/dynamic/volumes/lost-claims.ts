import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import { deleteConfigMaps } from "../../clients/kubernetes/objects/clean-up";
import type { PodPlace } from "../../clients/kubernetes/connection/client";
import { knownSystem } from "../../clients/kubernetes/objects/leader";
import { ofCluster, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { requireGivenUp } from "./given-up";

/**
 * Before the claim of the member that starts first is created: throws where Patroni knows a database and no claim holds it any more.
 * Patroni would wait for a leader for ever, and nothing may create an empty database in its place unasked.
 */
export async function checkClaimsHoldData(place: PodPlace, cluster: string, acceptDataLoss?: string): Promise<void> {
  const known = await knownSystem(place, cluster);
  if (known === "" || (await isHeld(place, cluster))) return;
  const lost = {
    known,
    path: `cluster ${place.kubernetes.namespace}/${cluster}`,
    because: "Patroni knows it, and no PersistentVolumeClaim of a member holds it any more",
    copy: "a member's claim",
  };
  requireGivenUp(lost, acceptDataLoss);
  await deleteConfigMaps(place, ofMembers(cluster));
}

async function isHeld(place: PodPlace, cluster: string): Promise<boolean> {
  const claims = await listClaims(place, ofCluster(cluster));
  return claims.some((claim) => !hasNoVolume(claim) && claim.metadata?.deletionTimestamp === undefined);
}
