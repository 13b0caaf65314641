import { isDeepStrictEqual } from "node:util";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ExplainedError, labelKeys } from "@pgharbor/core";

import { readClaim } from "../../clients/kubernetes/objects/claims";
import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { removeUnitSet } from "../../clients/kubernetes/objects/leftovers";
import { podLocation } from "../../clients/location";
import type { Handler } from "../provider/handler";
import type { RepositoryClaimInputs } from "./claim-inputs";
import { assertIsThere, idOf, OWNER } from "./found-claim";
import { RETAINED } from "./kept-claims";
import { comparableClaim, refreshedClaim, replacesOf, retainClaim, writeClaim } from "./written-claim";

/** A claim with backups, which may outlive its cluster. */
export const repositoryClaim: Handler<RepositoryClaimInputs> = {
  async diff(_id, olds, news) {
    const replaces = replacesOf(olds, news);
    return { changes: replaces.length > 0 || !isDeepStrictEqual(comparable(olds), comparable(news)), replaces };
  },
  async create(inputs) {
    const found = await readClaim(podLocation(inputs), inputs.claim);
    if (found !== undefined) assertMayReuse(inputs, found);
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
    if (props.uid !== undefined) await removeUnitSet(location, props.uid, props.labels[labelKeys.unit] ?? "");
    if (!props.retain) return deleteClaim(location, props.claim);
    if (await retainClaim(props))
      console.log(`PersistentVolumeClaim ${idOf(props)} is retained with its backups; kubectl delete pvc deletes it`);
  },
};

const comparable = (inputs: RepositoryClaimInputs) => ({
  ...comparableClaim(inputs),
  repository: inputs.repository,
  reuse: inputs.reuse,
});

/** Backups of this cluster, which were turned off, go on; those of a former cluster only if the program says so. */
function assertMayReuse(inputs: RepositoryClaimInputs, found: V1PersistentVolumeClaim): void {
  const path = `backups.repositories.${inputs.repository}`;
  assertIsThere(path, inputs.claim, found);
  const { annotations = {}, labels = {} } = found.metadata ?? {};
  const isOwn = inputs.uid !== undefined && labels[labelKeys.clusterUid] === inputs.uid;
  if (isOwn || (annotations[RETAINED] === "true" && inputs.reuse)) return;
  const retained = annotations[RETAINED] === "true";
  const owner = annotations[OWNER] ?? "somebody else";
  throw new ExplainedError({
    path,
    problem: retained
      ? "there are backups of a destroyed cluster of this name"
      : `PersistentVolumeClaim ${idOf(inputs)} exists, and belongs to ${owner}`,
    value: inputs.claim,
    fix: retained
      ? "set reuse: true to keep them beside the new ones; or delete the PersistentVolumeClaim with them"
      : "give the cluster or the repository another name",
  });
}
