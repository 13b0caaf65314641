import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { labelKeys } from "@pgharbor/core";

import { podLocation } from "../../clients/location";
import { claimHandler } from "./claim-handler";
import type { MemberClaimInputs } from "./claim-inputs";
import { assertMayAdopt } from "./found-claim";
import { prepareClusterStart } from "./kept-claims";
import { resolveLostClaims } from "./lost-claims";

export const memberClaim = claimHandler<MemberClaimInputs>({
  setLabel: labelKeys.member,
  async prepare(inputs, found) {
    if (found !== undefined) assertMayAdopt(inputs, found);
    await prepareStart(inputs, found);
  },
  retained: "data, for a cluster of the same name",
});

/** Applies only to the claim that a cluster starts with. */
async function prepareStart(inputs: MemberClaimInputs, found: V1PersistentVolumeClaim | undefined): Promise<void> {
  const { bootstrapsCluster, acceptDataLoss, claim } = inputs;
  if (bootstrapsCluster === undefined) return;
  await prepareClusterStart(podLocation(inputs), bootstrapsCluster, claim);
  if (found === undefined) await resolveLostClaims(podLocation(inputs), bootstrapsCluster, acceptDataLoss);
}
