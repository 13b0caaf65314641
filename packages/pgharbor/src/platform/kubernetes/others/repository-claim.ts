import * as pulumi from "@pulumi/pulumi";
import type { PlannedUnit, RepositoryVolume } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";
import { unitLabels } from "../context/unit-labels";
import { quantity } from "../pods/pod-parts";

/** The volume of a repository for backups. It outlives its cluster unless the program says otherwise. */
export class RepositoryClaim extends HandledResource<"RepositoryClaim"> {
  constructor(
    context: KubernetesContext,
    unit: PlannedUnit,
    { repository, volume, reuse }: { repository: string; volume: RepositoryVolume; reuse: boolean },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { name: claim, size, storageClass, retain } = volume;
    super(
      "RepositoryClaim",
      claim,
      {
        ...locationArgs(context),
        claim,
        labels: context.marker.labels(unitLabels(context, unit)),
        annotations: context.spec.annotations ?? {},
        storageClass,
        size: quantity(size),
        owner: `${pulumi.getProject()}/${pulumi.getStack()}/${context.model.name}`,
        uid: context.marker.uid,
        retain,
        repository,
        reuse,
      },
      { ...opts, protect: !retain && context.deletionProtection },
    );
  }
}
