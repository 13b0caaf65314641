import * as pulumi from "@pulumi/pulumi";
import type { Late, PlannedFile } from "@pgharbor/core";
import { readLate, type LateOutputs } from "./late";

type Texts = Record<string, pulumi.Input<string>>;

/** Files of one container by path, in three: those anyone may read, those with a secret, and those that are read once. */
export function fileTexts(files: PlannedFile[], late: LateOutputs) {
  const pick = (wanted: (file: PlannedFile) => boolean, text: (file: PlannedFile) => pulumi.Input<string>): Texts =>
    Object.fromEntries(files.filter(wanted).map((file) => [file.path, text(file)]));
  const hidden = (file: PlannedFile) => pulumi.secret(textOf(file, late));
  return {
    // Of a file that is not sensitive, no late value is.
    plain: pick(
      (f) => !f.sensitive && f.initialOnly !== true,
      (file) => (file.late ? pulumi.unsecret(pulumi.output(textOf(file, late))) : textOf(file, late)),
    ),
    secret: pick((f) => f.sensitive && f.initialOnly !== true, hidden),
    initial: pick((f) => f.initialOnly === true, hidden),
  };
}

/** File by file, so that a preview knows those whose values are there. */
const textOf = (file: PlannedFile, late: LateOutputs): pulumi.Input<string> =>
  file.late ? readLate(late, (values) => file.content(values)) : file.content(NOTHING_LATE);

const NOTHING_LATE = {} as Late;
