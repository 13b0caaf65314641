import { createHash, randomBytes } from "node:crypto";
import {
  AUTONAMED,
  isAutonamed,
  nameOf,
  textAt,
  valueAt,
  withAnnotation,
  withMetadata,
  type KubeObject,
} from "./kube-object";

export interface Naming {
  /** The logical name in the program. */
  readonly logicalName: string;
  /** The engine's, so that a preview and the update after it agree. */
  readonly seed: Uint8Array;
  /** A name that the project's own configuration of names proposes, or its refusal to make any up. */
  readonly proposed?: string;
  readonly disabled?: boolean;
}

/** A name for what has none: the one it has already, or a new one that is marked as made up. */
export function named(object: KubeObject, old: KubeObject | undefined, naming: Naming): KubeObject {
  // A name that a preview does not know yet is one, too.
  if (valueAt(object, "metadata", "name") !== undefined) return object;
  if (old) return isAutonamed(old) ? withName(object, nameOf(old)) : object;
  if (textAt(object, "metadata", "generateName") !== "") {
    throw new Error("the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  if (naming.disabled) {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  return withName(object, naming.proposed || `${naming.logicalName}-${hex(naming.seed, 8)}`);
}

function withName(object: KubeObject, name: string): KubeObject {
  return withAnnotation(withMetadata(object, "name", name), AUTONAMED, "true");
}

export function hex(seed: Uint8Array, digits: number): string {
  const source = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(16);
  return source.toString("hex").slice(0, digits);
}
