import * as pulumi from "@pulumi/pulumi";
import type { Late, PlannedFile } from "@pgharbor/core";

/** Files of one container by path, in three: those anyone may read, those with a secret, and those that are read once. */
export function fileTexts(files: PlannedFile[], late: pulumi.Output<Late>) {
  const pick = (wanted: (file: PlannedFile) => boolean) => textOf(files.filter(wanted), late);
  return {
    plain: plainTexts(
      files.filter((f) => !f.sensitive && f.initialOnly !== true),
      late,
    ),
    secret: pick((f) => f.sensitive && f.initialOnly !== true),
    initial: pick((f) => f.initialOnly === true),
  };
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
