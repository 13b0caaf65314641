import { containsSecret, isObject, isSecret, plain, secret, type Properties, type Value } from "../protocol/values";
import { isSecretObject, type KubeObject } from "./kube-object";

/** What a state holds beside the live object, under the names that the official provider gives it. */
export interface Checkpoint {
  readonly declared: KubeObject;
  readonly live: KubeObject;
  readonly fieldManager: string;
  readonly initialApiVersion: string;
}

export function checkpointState(checkpoint: Checkpoint, rawInputs: Properties): Properties {
  return {
    ...sealedLike(checkpoint.live, rawInputs),
    __inputs: sealedLike(checkpoint.declared, rawInputs),
    __initialApiVersion: checkpoint.initialApiVersion,
    __fieldManager: checkpoint.fieldManager,
  };
}

export function parseCheckpoint(state: Properties): Checkpoint {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = plain(state) as Properties;
  return {
    declared: isObject(__inputs) ? __inputs : {},
    live,
    fieldManager: typeof __fieldManager === "string" ? __fieldManager : "",
    initialApiVersion: typeof __initialApiVersion === "string" ? __initialApiVersion : "",
  };
}

/** Secrets put back where the inputs have them, as finely as can be; the contents of a Secret are always one. */
export function sealedLike(object: KubeObject, raw: Properties): Properties {
  if (isSecretObject(object)) {
    const contents = Object.fromEntries(
      ["data", "stringData"].flatMap((key) => (object[key] === undefined ? [] : [[key, secret(object[key])]])),
    ) as Properties;
    return { ...sealed(object, raw), ...contents };
  }
  return sealed(object, raw);
}

function sealed(object: Properties, raw: Properties): Properties {
  const entries = Object.entries(object).map(([key, value]): [string, Value] => {
    const origin = raw[key];
    if (origin === undefined || !containsSecret(origin)) return [key, value];
    if (isObject(value) && isObject(origin) && !isSecret(origin)) return [key, sealed(value, origin)];
    return [key, secret(value)];
  });
  return Object.fromEntries(entries);
}
