import type * as pulumi from "@pulumi/pulumi";
import type { PlannedContainer, PlannedUnit } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fileTexts } from "../../file-texts";
import { locationArgs, type KubernetesContext } from "../context/context";
import { selectorText, type Labels } from "../context/metadata";
import { containerName } from "./planned-container";
import { secretNameOf } from "./pod-parts";
import type { DeferredOutputs } from "../../deferred-values";

/**
 * The configuration files of one container, as a Secret that its pods mount. A change is checked by the program in a running pod, written,
 * and applied with a reload, without a restart.
 */
export class PodFiles extends HandledResource<"PodFiles"> {
  declare readonly revision: pulumi.Output<string>;

  constructor(
    context: KubernetesContext,
    planned: PlannedContainer,
    args: { container: string; selector: Labels; labels: Labels; deferred: DeferredOutputs },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      "PodFiles",
      secretNameOf(planned),
      {
        ...locationArgs(context),
        secretName: secretNameOf(planned),
        labels: context.marker.labels(args.labels),
        annotations: context.spec.annotations ?? {},
        selector: selectorText(args.selector),
        container: args.container,
        program: planned.program,
        ...fileTexts(planned.files, args.deferred),
        revision: undefined,
      },
      { ...opts, additionalSecretOutputs: ["secret", "initial"] },
    );
  }
}

/** Creates the files of each container in a unit's pod. */
export const createPodFiles = (
  context: KubernetesContext,
  { name, containers }: PlannedUnit,
  args: { selector: Labels; labels: Labels; deferred: DeferredOutputs },
  opts: pulumi.CustomResourceOptions,
): PodFiles[] =>
  containers.map(
    (planned) => new PodFiles(context, planned, { ...args, container: containerName(name, planned) }, opts),
  );
