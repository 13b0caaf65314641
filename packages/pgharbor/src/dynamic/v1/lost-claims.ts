import { ExplainedError } from "@pgharbor/sql";
import { patroniConfigMaps } from "@pgharbor/core";
import { hasNoVolume, listClaims } from "../../reach/kubernetes/claims";
import { deleteConfigMaps } from "../../reach/kubernetes/clean-up";
import type { PodPlace } from "../../reach/kubernetes/client";
import { listConfigMaps } from "../../reach/kubernetes/config-maps";
import { ofCluster, ofMembers } from "../../reach/kubernetes/member-pod";
import { nameOf } from "../../reach/kubernetes/pods";

/**
 * Before the claim of the member that starts first is created: throws where Patroni knows a database and no claim holds it any more.
 * Patroni would wait for a leader for ever, and nothing may create an empty database in its place unasked.
 */
export async function checkClaimsHoldData(place: PodPlace, cluster: string, acceptDataLoss?: string): Promise<void> {
  const known = await knownSystem(place, cluster);
  if (known === "" || (await isHeld(place, cluster))) return;
  if (known !== acceptDataLoss) throw dataIsLost(place, cluster, known);
  console.log(
    `warning: the database ${known} is given up: an empty one takes its place; users and databases come with the next \`pulumi up --refresh\``,
  );
  await deleteConfigMaps(place, ofMembers(cluster));
}

/** The system identifier that Patroni keeps; "" before there was a database. */
async function knownSystem(place: PodPlace, cluster: string): Promise<string> {
  const { config } = patroniConfigMaps(cluster);
  const found = (await listConfigMaps(place, ofMembers(cluster))).find((one) => nameOf(one) === config);
  return found?.metadata?.annotations?.initialize ?? "";
}

async function isHeld(place: PodPlace, cluster: string): Promise<boolean> {
  const claims = await listClaims(place, ofCluster(cluster));
  return claims.some((claim) => !hasNoVolume(claim) && claim.metadata?.deletionTimestamp === undefined);
}

const dataIsLost = ({ kubernetes }: PodPlace, cluster: string, system: string): ExplainedError =>
  new ExplainedError({
    path: `cluster ${kubernetes.namespace}/${cluster}`,
    problem: "its database is lost: Patroni knows it, and no PersistentVolumeClaim of a member holds it any more",
    value: `system identifier ${system}`,
    fix:
      "bring a member's claim back under its name, and run `pulumi up --refresh`; " +
      `or, to begin with an empty database, set acceptDataLoss: "${system}"`,
  });
