import type * as pulumi from "@pulumi/pulumi";
import type { PlannedContainer } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fileTexts } from "../../file-texts";
import type { DeferredOutputs } from "../../deferred-values";

/**
 * The configuration files of one running container. They are uploaded together, checked by the program's own check and applied with a
 * reload. They are not part of the container, so a change replaces nothing.
 */
export class ContainerFiles extends HandledResource<"ContainerFiles"> {
  declare readonly revision: pulumi.Output<string>;

  constructor(
    planned: PlannedContainer,
    args: { engine: string; container: pulumi.Input<string>; deferred: DeferredOutputs; acceptDataLoss?: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    super(
      "ContainerFiles",
      `${planned.name}-files`,
      {
        engine: args.engine,
        container: args.container,
        containerName: planned.name,
        program: planned.program,
        uid: planned.uid,
        gid: planned.gid,
        acceptDataLoss: planned.program === "patroni" ? args.acceptDataLoss : undefined,
        ...fileTexts(planned.files, args.deferred),
        revision: undefined,
      },
      { ...opts, additionalSecretOutputs: ["secret", "initial"] },
    );
  }
}
