import { isDeepStrictEqual } from "node:util";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { labelKeys } from "@pgharbor/core";

import { readClaim } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { removeMemberSet } from "../../clients/kubernetes/objects/leftovers";
import { podLocation } from "../../clients/location";
import type { Handler } from "../provider/handler";
import type { MemberClaimInputs } from "./claim-inputs";
import { assertMayAdopt, idOf } from "./found-claim";
import { prepareClusterStart } from "./kept-claims";
import { resolveLostClaims } from "./lost-claims";
import { comparableClaim, refreshedClaim, replacesOf, retainClaim, writeClaim } from "./written-claim";

/**
 * Pulumi's own PersistentVolumeClaim cannot adopt an existing claim, so retained data could never be used again, and has a single
 * deletion policy for a deleted member and a deleted cluster.
 */
export const memberClaim: Handler<MemberClaimInputs> = {
  async diff(_id, olds, news) {
    const replaces = replacesOf(olds, news);
    return {
      changes: replaces.length > 0 || !isDeepStrictEqual(comparableClaim(olds), comparableClaim(news)),
      replaces,
    };
  },
  async create(inputs) {
    const found = await readClaim(podLocation(inputs), inputs.claim);
    if (found !== undefined) assertMayAdopt(inputs, found);
    await prepareStart(inputs, found);
    await writeClaim(inputs, found);
    return { id: idOf(inputs), outs: inputs };
  },
  async update(_id, olds, news) {
    await writeClaim(news, await readClaim(podLocation(news), news.claim), olds);
    return { outs: news };
  },
  async read(id, props) {
    const found = await refreshedClaim(props);
    return found === undefined ? { id: "" } : { id, props: found };
  },
  async delete(_id, props) {
    const location = podLocation(props);
    // A StatefulSet that a killed run left would keep using the claim.
    if (props.uid !== undefined) await removeMemberSet(location, props.uid, props.labels[labelKeys.member] ?? "");
    if (!props.retain) return deleteClaim(location, props.claim);
    if (await retainClaim(props))
      console.log(`PersistentVolumeClaim ${idOf(props)} is retained with its data, for a cluster of the same name`);
  },
};

/** Applies only to the claim that a cluster starts with. */
async function prepareStart(inputs: MemberClaimInputs, found: V1PersistentVolumeClaim | undefined): Promise<void> {
  const { bootstrapsCluster, acceptDataLoss, claim } = inputs;
  if (bootstrapsCluster === undefined) return;
  await prepareClusterStart(podLocation(inputs), bootstrapsCluster, claim);
  if (found === undefined) await resolveLostClaims(podLocation(inputs), bootstrapsCluster, acceptDataLoss);
}
