import * as pulumi from "@pulumi/pulumi";
import type { PlannedMount, PlannedUnit } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";
import { unitLabels } from "../context/unit-labels";
import { quantity } from "../pods/pod-parts";

/** The volume of a repository for backups. It outlives its cluster unless the program says otherwise. */
export class RepositoryClaim extends HandledResource<"RepositoryClaim"> {
  constructor(
    context: KubernetesContext,
    unit: PlannedUnit,
    { repository, mount }: { repository: string; mount: PlannedMount },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { volume, size = 0, storageClass, retain = false, reuse = false, data } = mount;
    super(
      "RepositoryClaim",
      volume,
      {
        ...locationArgs(context),
        claim: volume,
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
      { ...opts, protect: data && context.deletionProtection },
    );
  }
}
