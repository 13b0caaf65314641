import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { claimArguments, sizeInWords, ExplainedError } from "@pgharbor/core";

import { hasNoVolume, requestedSize } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { compareQuantities, quantityOf } from "../../clients/kubernetes/capacity/quantities";
import { podLocation } from "../../clients/location";
import { annotateCommand, RETAINED } from "./kept-claims";
import type { ClaimInputs } from "./claim-inputs";

/** The annotation that names the stack and cluster of a claim. */
export const OWNER = "pgharbor.owner";

export const idOf = ({ kubernetes, claim }: ClaimInputs): string => `${kubernetes?.namespace}/${claim}`;
const pathOf = (inputs: ClaimInputs): string => `PersistentVolumeClaim ${idOf(inputs)}`;

/** A claim may hold someone else's data, so it is adopted only if it was retained or if this stack created it. */
export function assertMayAdopt(inputs: ClaimInputs, { metadata }: V1PersistentVolumeClaim): void {
  const path = pathOf(inputs);
  const value = inputs.claim;
  assertIsThere(path, value, { metadata });
  const { [OWNER]: owner, [RETAINED]: retained } = metadata?.annotations ?? {};
  if (retained !== "true" && owner !== inputs.owner) {
    const ownerText = owner === undefined ? "is not managed by pgharbor" : `belongs to ${owner}`;
    const fix =
      `give the cluster another name; or, to use the data of a deleted cluster, ` +
      `run ${annotateCommand(inputs.kubernetes?.namespace, inputs.claim, RETAINED)}`;
    throw new ExplainedError({ path, problem: `exists, and ${ownerText}`, value, fix });
  }
  console.log(`${path}: adopted with its data`);
}

/** Throws where a claim is being deleted. */
export function assertIsThere(path: string, claim: string, { metadata }: V1PersistentVolumeClaim): void {
  if (metadata?.deletionTimestamp === undefined) return;
  const fix = "wait until it is gone (a pod may still use it), and run it again";
  throw new ExplainedError({ path, problem: "is being deleted", value: claim, fix });
}

/**
 * Deletes a claim without a volume before a change. Such a claim holds no data, and Kubernetes changes neither the
 * class nor the size of an existing claim. Throws if a claim with a volume cannot be changed.
 * @returns true if the claim was deleted
 */
export async function releaseEmptyClaim(
  inputs: ClaimInputs,
  found: V1PersistentVolumeClaim,
  former: ClaimInputs | undefined,
): Promise<boolean> {
  const growth = compareQuantities(inputs.size, requestedSize(found));
  const moves = hasOtherClass(inputs, found, former);
  if (growth === 0 && !moves) return false;
  if (hasNoVolume(found)) {
    console.log(`${pathOf(inputs)}: never had a volume, and is created again`);
    await deleteClaim(podLocation(inputs), inputs.claim);
    return true;
  }
  if (moves) throw keptInOtherClass(inputs, found);
  if (growth < 0) throw tooLarge(inputs, found);
  return false;
}

/** A claim without a named class has the default one, which may have changed since. */
function hasOtherClass(
  { storageClass }: ClaimInputs,
  { spec }: V1PersistentVolumeClaim,
  former: ClaimInputs | undefined,
): boolean {
  if (storageClass !== undefined) return storageClass !== spec?.storageClassName;
  return former?.storageClass !== undefined;
}

function keptInOtherClass(inputs: ClaimInputs, { spec }: V1PersistentVolumeClaim): ExplainedError {
  const problem = `is retained with its data in StorageClass ${JSON.stringify(spec?.storageClassName)}`;
  const fix = `name that class as ${argumentsOf(inputs).classArgument}, or delete the claim and its data`;
  return new ExplainedError({ path: pathOf(inputs), problem, value: inputs.storageClass ?? "the default one", fix });
}

function tooLarge(inputs: ClaimInputs, found: V1PersistentVolumeClaim): ExplainedError {
  const problem = `is already larger (${requestedSize(found)})`;
  const fix = `set ${argumentsOf(inputs).sizeArgument} to ${sizeInWords(quantityOf(requestedSize(found)))} or more: a volume never shrinks`;
  return new ExplainedError({ path: pathOf(inputs), problem, value: inputs.size, fix });
}

const argumentsOf = ({ repository }: ClaimInputs & { repository?: string }) => claimArguments(repository);
