import * as pulumi from "@pulumi/pulumi";
import type { DeferredValues, PlannedFile } from "@pgharbor/core";
import { readDeferred, type DeferredOutputs } from "./deferred-values";

type Texts = Record<string, pulumi.Input<string>>;

/** Files of one container by path, in three: those anyone may read, those with a secret, and those that are read once. */
export function fileTexts(files: PlannedFile[], deferred: DeferredOutputs) {
  const pick = (wanted: (file: PlannedFile) => boolean, text: (file: PlannedFile) => pulumi.Input<string>): Texts =>
    Object.fromEntries(files.filter(wanted).map((file) => [file.path, text(file)]));
  const hidden = (file: PlannedFile) => pulumi.secret(textOf(file, deferred));
  return {
    // Of a file that is not sensitive, no deferred value is.
    plain: pick(
      (f) => !f.sensitive && f.initialOnly !== true,
      (file) => (file.deferred ? pulumi.unsecret(pulumi.output(textOf(file, deferred))) : textOf(file, deferred)),
    ),
    secret: pick((f) => f.sensitive && f.initialOnly !== true, hidden),
    initial: pick((f) => f.initialOnly === true, hidden),
  };
}

/** File by file, so that a preview knows those whose values are there. */
const textOf = (file: PlannedFile, deferred: DeferredOutputs): pulumi.Input<string> =>
  file.deferred ? readDeferred(deferred, (values) => file.content(values)) : file.content(NOTHING_DEFERRED);

const NOTHING_DEFERRED = {} as DeferredValues;
