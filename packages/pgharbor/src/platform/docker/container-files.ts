import * as pulumi from "@pulumi/pulumi";
import type { Late, PlannedContainer, PlannedFile } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";

/**
 * The configuration files of one running container, put into it as a whole, checked by the program's own check and
 * taken over by a reload. They are no part of the container: a change replaces nothing.
 */
export class ContainerFiles extends HandledResource {
  declare readonly revision: pulumi.Output<string>;

  constructor(
    planned: PlannedContainer,
    args: { engine: string; container: pulumi.Input<string>; late: pulumi.Output<Late> },
    opts: pulumi.CustomResourceOptions,
  ) {
    const { late } = args;
    const pick = (wanted: (file: PlannedFile) => boolean) => textOf(planned.files.filter(wanted), late);
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
        plain: plainTexts(
          planned.files.filter((f) => !f.sensitive && f.initialOnly !== true),
          late,
        ),
        secret: pick((f) => f.sensitive && f.initialOnly !== true),
        initial: pick((f) => f.initialOnly === true),
        revision: undefined,
      },
      { ...opts, additionalSecretOutputs: ["secret", "initial"] },
    );
  }
}

const textOf = (files: PlannedFile[], late: pulumi.Output<Late>): pulumi.Output<Record<string, string>> =>
  late.apply((values) => Object.fromEntries(files.map((file) => [file.path, file.content(values)])));

/** Text by text, so that a preview shows those that are known before the late values are. */
function plainTexts(files: PlannedFile[], late: pulumi.Output<Late>): Record<string, pulumi.Input<string>> {
  // The late values are secret as a whole; a file that is not sensitive uses only the public ones among them.
  const text = (file: PlannedFile) =>
    file.late ? pulumi.unsecret(late.apply((values) => file.content(values))) : file.content(NOTHING_LATE);
  return Object.fromEntries(files.map((file) => [file.path, text(file)]));
}

const NOTHING_LATE = {} as Late;
