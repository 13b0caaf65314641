import { setTimeout as sleep } from "node:timers/promises";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ExplainedError } from "@pgharbor/core";

import { applyClaim, readClaim, requestedSize } from "../../clients/kubernetes/objects/claims";
import { compareQuantities } from "../../clients/kubernetes/capacity/quantities";
import { missingNamespace } from "../../clients/kubernetes/connection/explain";
import { comparableLocation, podLocation } from "../../clients/location";
import { isOther } from "../provider/handler";
import type { ClaimInputs } from "./claim-inputs";
import { idOf, OWNER, releaseEmptyClaim } from "./found-claim";
import { RETAINED } from "./kept-claims";

/** Most volumes expand in seconds, those of some classes in minutes. */
const EXPANSION_SECONDS = 300;

/** The inputs whose change replaces a claim. */
export const replacesOf = (olds: ClaimInputs, news: ClaimInputs): string[] => [
  ...(olds.claim === news.claim ? [] : ["claim"]),
  ...(isOther(olds.kubernetes?.namespace, news.kubernetes?.namespace) ? ["kubernetes"] : []),
];

export const comparableClaim = (inputs: ClaimInputs) => ({
  ...comparableLocation(inputs),
  claim: inputs.claim,
  labels: inputs.labels ?? {},
  annotations: inputs.annotations ?? {},
  storageClass: inputs.storageClass ?? "",
  size: inputs.size,
  owner: inputs.owner,
  retain: inputs.retain,
});

/** Reads the size that was requested. Returns `undefined` for a claim that is gone. */
export async function refreshedClaim<Inputs extends ClaimInputs>(props: Inputs): Promise<Inputs | undefined> {
  const found = await readClaim(podLocation(props), props.claim);
  if (found === undefined) return undefined;
  const size = requestedSize(found);
  return compareQuantities(size, props.size) === 0 ? props : { ...props, size };
}

/** Creates or changes the claim, and waits until a bound volume has the size. */
export async function writeClaim(
  inputs: ClaimInputs,
  existing: V1PersistentVolumeClaim | undefined,
  former?: ClaimInputs,
): Promise<void> {
  const location = podLocation(inputs);
  const found = existing === undefined || (await releaseEmptyClaim(inputs, existing, former)) ? undefined : existing;
  const applied = await applyClaim(location, desiredClaim(inputs));
  if (applied === undefined) throw missingNamespace(location.kubernetes.namespace);
  // A claim that no pod has used yet has no volume to expand.
  if (found?.status?.phase === "Bound") await waitUntilExpanded(inputs);
}

/** Marks the claim, so that a later cluster may adopt it. @returns false if it is gone */
export async function retainClaim(props: ClaimInputs): Promise<boolean> {
  const location = podLocation(props);
  if ((await readClaim(location, props.claim)) === undefined) return false;
  await applyClaim(location, desiredClaim(props, "true"));
  return true;
}

const desiredClaim = (
  { claim, labels, annotations, storageClass, size, owner }: ClaimInputs,
  retained: "true" | "false" = "false",
) => ({
  ...{ name: claim, labels, storageClass, size },
  annotations: { ...annotations, [OWNER]: owner, [RETAINED]: retained },
});

async function waitUntilExpanded(inputs: ClaimInputs): Promise<void> {
  const deadline = Date.now() + EXPANSION_SECONDS * 1000;
  for (let reported = false; ; reported = true) {
    const { status } = (await readClaim(podLocation(inputs), inputs.claim)) ?? {};
    if (compareQuantities(status?.capacity?.storage ?? inputs.size, inputs.size) >= 0) return;
    const waits = status?.conditions?.find((condition) => condition.type === "FileSystemResizePending");
    if (waits !== undefined) {
      console.log(`${inputs.claim}: the volume has ${inputs.size}; its file system grows when the pod starts next`);
      return;
    }
    if (Date.now() > deadline) {
      const problem = `has not grown within ${EXPANSION_SECONDS} s`;
      const fix = `see kubectl -n ${inputs.kubernetes?.namespace} describe pvc ${inputs.claim}`;
      throw new ExplainedError({ path: `PersistentVolumeClaim ${idOf(inputs)}`, problem, value: inputs.size, fix });
    }
    if (!reported) console.log(`${inputs.claim}: waiting until its volume has ${inputs.size}`);
    await sleep(500);
  }
}
