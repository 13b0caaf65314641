import * as pulumi from "@pulumi/pulumi";
import type { DeferredValues, PlannedFile } from "@pgharbor/core";
import { readDeferred, type DeferredOutputs } from "./deferred-values";

type Texts = Record<string, pulumi.Input<string>>;

/** Files of one container by path: public ones, secret ones, and those for the first start only. */
export function fileTexts(files: PlannedFile[], deferred: DeferredOutputs) {
  const pick = (wanted: (file: PlannedFile) => boolean, text: (file: PlannedFile) => pulumi.Input<string>): Texts =>
    Object.fromEntries(files.filter(wanted).map((file) => [file.path, text(file)]));
  const hidden = (file: PlannedFile) => pulumi.secret(textOf(file, deferred));
  return {
    // A file that is not sensitive contains no secret deferred values.
    plain: pick(
      (f) => !f.sensitive && f.initialOnly !== true,
      (file) => (file.deferred ? pulumi.unsecret(pulumi.output(textOf(file, deferred))) : textOf(file, deferred)),
    ),
    secret: pick((f) => f.sensitive && f.initialOnly !== true, hidden),
    initial: pick((f) => f.initialOnly === true, hidden),
  };
}

/** Reads deferred values for each file, so that a preview knows every file whose values are known. */
const textOf = (file: PlannedFile, deferred: DeferredOutputs): pulumi.Input<string> =>
  file.deferred ? readDeferred(deferred, (values) => file.content(values)) : file.content(NOTHING_DEFERRED);

const NOTHING_DEFERRED = {} as DeferredValues;
