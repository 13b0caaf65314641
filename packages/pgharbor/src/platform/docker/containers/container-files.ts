import type * as pulumi from "@pulumi/pulumi";
import type { PlannedContainer } from "@pgharbor/core";
import { HandledResource } from "../../../dynamic/handled-resource";
import { fileTexts } from "../../file-texts";
import type { DeferredOutputs } from "../../deferred-values";

/**
 * The configuration files of one running container, put into it as a whole, checked by the program's own check and
 * taken over by a reload. They are no part of the container: a change replaces nothing.
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
