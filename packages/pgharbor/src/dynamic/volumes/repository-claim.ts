import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { ExplainedError, labelKeys } from "@pgharbor/core";

import { claimHandler } from "./claim-handler";
import type { RepositoryClaimInputs } from "./claim-inputs";
import { assertIsThere, idOf, OWNER } from "./found-claim";
import { RETAINED } from "./kept-claims";

/** A claim with backups, which may outlive its cluster. */
export const repositoryClaim = claimHandler<RepositoryClaimInputs>({
  setLabel: labelKeys.unit,
  more: ({ repository, reuse }) => ({ repository, reuse }),
  async prepare(inputs, found) {
    if (found !== undefined) assertMayReuse(inputs, found);
  },
  retained: "backups; kubectl delete pvc deletes it",
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
