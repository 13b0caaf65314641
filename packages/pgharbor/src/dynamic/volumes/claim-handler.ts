import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ExplainedError } from "@pgharbor/core";

import { applyClaim, readClaim, requestedSize } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { removeSet } from "../../clients/kubernetes/objects/leftovers";
import { compareQuantities } from "../../clients/kubernetes/capacity/quantities";
import { missingNamespace } from "../../clients/kubernetes/connection/explain";
import { comparableLocation, podLocation } from "../../clients/location";
import { isOther, type Handler } from "../provider/handler";
import type { ClaimInputs } from "./claim-inputs";
import { idOf, OWNER, releaseEmptyClaim } from "./found-claim";
import { RETAINED } from "./kept-claims";

/** Most volumes expand in seconds, those of some classes in minutes. */
const EXPANSION_SECONDS = 300;

/** What differs between the claims of members and of repositories. */
export interface ClaimKind<Inputs extends ClaimInputs> {
  /** The label of the StatefulSet whose pod uses the claim. */
  setLabel: string;
  /** Further inputs that change the resource. */
  more?(inputs: Inputs): object;
  /** Throws where the claim must not be created, or the one that exists must not be adopted. */
  prepare(inputs: Inputs, found: V1PersistentVolumeClaim | undefined): Promise<void>;
  /** Ends the sentence that says that the claim is retained. */
  retained: string;
}

/**
 * Pulumi's own PersistentVolumeClaim cannot adopt an existing claim, so retained data could never be used again, and has a single
 * deletion policy for a deleted member and a deleted cluster.
 */
export function claimHandler<Inputs extends ClaimInputs>(kind: ClaimKind<Inputs>): Handler<Inputs> {
  const comparable = (inputs: Inputs) => ({ ...comparableClaim(inputs), ...kind.more?.(inputs) });
  return {
    async diff(_id, olds, news) {
      const replaces = replacesOf(olds, news);
      return { changes: replaces.length > 0 || !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
    },
    async create(inputs) {
      const found = await readClaim(podLocation(inputs), inputs.claim);
      await kind.prepare(inputs, found);
      await writeClaim(inputs, found);
      return { id: idOf(inputs), outs: inputs };
    },
    async update(_id, olds, news) {
      await writeClaim(news, await readClaim(podLocation(news), news.claim), olds);
      return { outs: news };
    },
    async read(id, props) {
      const found = await readClaim(podLocation(props), props.claim);
      if (found === undefined) return { id: "" };
      const size = requestedSize(found);
      return { id, props: compareQuantities(size, props.size) === 0 ? props : { ...props, size } };
    },
    async delete(_id, props) {
      const location = podLocation(props);
      // A StatefulSet that a killed run left would keep using the claim.
      if (props.uid !== undefined)
        await removeSet(location, props.uid, { [kind.setLabel]: props.labels[kind.setLabel] ?? "" });
      if (!props.retain) return deleteClaim(location, props.claim);
      if ((await readClaim(location, props.claim)) === undefined) return;
      await applyClaim(location, desiredClaim(props, "true"));
      console.log(`PersistentVolumeClaim ${idOf(props)} is retained with its ${kind.retained}`);
    },
  };
}

/** The inputs whose change replaces a claim. */
const replacesOf = (olds: ClaimInputs, news: ClaimInputs): string[] => [
  ...(olds.claim === news.claim ? [] : ["claim"]),
  ...(isOther(olds.kubernetes?.namespace, news.kubernetes?.namespace) ? ["kubernetes"] : []),
];

const comparableClaim = (inputs: ClaimInputs) => ({
  ...comparableLocation(inputs),
  claim: inputs.claim,
  labels: inputs.labels ?? {},
  annotations: inputs.annotations ?? {},
  storageClass: inputs.storageClass ?? "",
  size: inputs.size,
  owner: inputs.owner,
  retain: inputs.retain,
});

/** Creates or changes the claim, and waits until a bound volume has the size. */
async function writeClaim(
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
