import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { labelKeys, ExplainedError } from "@pgharbor/core";

import { applyClaim, readClaim, requestedSize } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { compareQuantities } from "../../clients/kubernetes/capacity/quantities";
import { removeMemberSet } from "../../clients/kubernetes/objects/leftovers";
import { missingNamespace } from "../../clients/kubernetes/connection/explain";
import { comparableLocation, podLocation } from "../../clients/location";
import { isOther, type Handler } from "../provider/handler";
import { idOf, releaseEmptyClaim, OWNER, assertMayAdopt } from "./found-claim";
import type { MemberClaimInputs } from "./member-claim-inputs";
import { prepareClusterStart, RETAINED } from "./kept-claims";
import { resolveLostClaims } from "./lost-claims";

/** Most volumes expand in seconds, those of some classes in minutes. */
const EXPANSION_SECONDS = 300;

/**
 * Pulumi's own PersistentVolumeClaim cannot adopt an existing claim, so retained data could never be used again, and has a single
 * deletion policy for a deleted member and a deleted cluster.
 */
export const memberClaim: Handler<MemberClaimInputs> = {
  async diff(_id, olds, news) {
    const replaces = [
      ...(olds.claim === news.claim ? [] : ["claim"]),
      ...(isOther(olds.kubernetes?.namespace, news.kubernetes?.namespace) ? ["kubernetes"] : []),
    ];
    return { changes: replaces.length > 0 || !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    const found = await readClaim(podLocation(inputs), inputs.claim);
    if (found !== undefined) assertMayAdopt(inputs, found);
    await prepareStart(inputs, found);
    await write(inputs, found);
    return { id: idOf(inputs), outs: inputs };
  },
  async update(_id, olds, news) {
    await write(news, await readClaim(podLocation(news), news.claim), olds);
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
    if (props.uid !== undefined) await removeMemberSet(location, props.uid, props.labels[labelKeys.member] ?? "");
    if (!props.retain) return deleteClaim(location, props.claim);
    if ((await readClaim(location, props.claim)) === undefined) return;
    await applyClaim(location, desiredClaim(props, "true"));
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

const comparable = ({
  claim,
  labels,
  annotations,
  storageClass,
  size,
  owner,
  retain,
  ...location
}: MemberClaimInputs) => ({
  ...comparableLocation(location),
  ...{
    claim,
    labels: labels ?? {},
    annotations: annotations ?? {},
    storageClass: storageClass ?? "",
    size,
    owner,
    retain,
  },
});

const desiredClaim = (
  { claim, labels, annotations, storageClass, size, owner }: MemberClaimInputs,
  retained: "true" | "false" = "false",
) => ({
  ...{ name: claim, labels, storageClass, size },
  annotations: { ...annotations, [OWNER]: owner, [RETAINED]: retained },
});

async function write(
  inputs: MemberClaimInputs,
  existing: V1PersistentVolumeClaim | undefined,
  former?: MemberClaimInputs,
): Promise<void> {
  const location = podLocation(inputs);
  const found = existing === undefined || (await releaseEmptyClaim(inputs, existing, former)) ? undefined : existing;
  const applied = await applyClaim(location, desiredClaim(inputs));
  if (applied === undefined) throw missingNamespace(location.kubernetes.namespace);
  // A claim that no pod has used yet has no volume to expand.
  if (found?.status?.phase === "Bound") await waitUntilExpanded(inputs);
}

async function waitUntilExpanded(inputs: MemberClaimInputs): Promise<void> {
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
