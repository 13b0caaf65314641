import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { labelKeys, ExplainedError } from "@pgharbor/core";

import { applyClaim, readClaim, requested } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { compareQuantities } from "../../clients/kubernetes/capacity/quantities";
import { removeMemberSet } from "../../clients/kubernetes/objects/leftovers";
import { missingNamespace } from "../../clients/kubernetes/connection/explain";
import { comparableLocation, podLocation } from "../../clients/location";
import { isOther, type Handler } from "../provider/handler";
import { idOf, isLetGo, OWNER, takeOver } from "./found-claim";
import type { MemberClaimInputs } from "./member-claim-inputs";
import { checkStart, RETAINED } from "./kept-claims";
import { checkClaimsHoldData } from "./lost-claims";

/** Volumes of some classes take minutes, and most are done in seconds. */
const EXPANSION_SECONDS = 300;

/**
 * Not Pulumi's own kind of claim: that one refuses to make what exists, so data that was kept could never be used again, and
 * knows but one fate of a claim, whether its member or its whole cluster goes.
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
    if (found !== undefined) takeOver(inputs, found);
    await checkFirst(inputs, found);
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
    const size = requested(found);
    return { id, props: compareQuantities(size, props.size) === 0 ? props : { ...props, size } };
  },
  async delete(_id, props) {
    const location = podLocation(props);
    // One that a killed run left would hold the claim, and go on.
    if (props.uid !== undefined) await removeMemberSet(location, props.uid, props.labels[labelKeys.member] ?? "");
    if (!props.retain) return deleteClaim(location, props.claim);
    if ((await readClaim(location, props.claim)) === undefined) return;
    await applyClaim(location, written(props, "true"));
    console.log(`PersistentVolumeClaim ${idOf(props)} stays, with its data, for a cluster of the same name`);
  },
};

/** Of the claim that a cluster starts with. */
async function checkFirst(inputs: MemberClaimInputs, found: V1PersistentVolumeClaim | undefined): Promise<void> {
  const { startsCluster, acceptDataLoss, claim } = inputs;
  if (startsCluster === undefined) return;
  await checkStart(podLocation(inputs), startsCluster, claim);
  if (found === undefined) await checkClaimsHoldData(podLocation(inputs), startsCluster, acceptDataLoss);
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

const written = (
  { claim, labels, annotations, storageClass, size, owner }: MemberClaimInputs,
  retained: "true" | "false" = "false",
) => ({
  ...{ name: claim, labels, storageClass, size },
  annotations: { ...annotations, [OWNER]: owner, [RETAINED]: retained },
});

async function write(
  inputs: MemberClaimInputs,
  there: V1PersistentVolumeClaim | undefined,
  former?: MemberClaimInputs,
): Promise<void> {
  const location = podLocation(inputs);
  const found = there === undefined || (await isLetGo(inputs, there, former)) ? undefined : there;
  const applied = await applyClaim(location, written(inputs));
  if (applied === undefined) throw missingNamespace(location.kubernetes.namespace);
  // A claim that no pod has asked for yet has no volume to grow.
  if (found?.status?.phase === "Bound") await untilExpanded(inputs);
}

async function untilExpanded(inputs: MemberClaimInputs): Promise<void> {
  const deadline = Date.now() + EXPANSION_SECONDS * 1000;
  for (let told = false; ; told = true) {
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
    if (!told) console.log(`${inputs.claim}: waiting until its volume has ${inputs.size}`);
    await sleep(500);
  }
}
