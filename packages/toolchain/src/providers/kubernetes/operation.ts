import type { EngineLog, Severity } from "../protocol/engine-log";
import { annotationOf, type KubeObject } from "./kube-object";
import type { KubeApi } from "./kube-api";
import type { ProviderOptions } from "./provider-options";

/** What every operation on an object needs. */
export interface Operation {
  readonly api: KubeApi;
  readonly options: ProviderOptions;
  readonly urn: string;
  readonly preview: boolean;
  /** Seconds of the resource's `customTimeouts`; 0 when the program gave none. */
  readonly timeout: number;
  readonly log: EngineLog;
  /** Whether the user has asked to stop. */
  cancelled(): boolean;
}

const DEFAULT_TIMEOUT_MS = 10 * 60_000;

/** The program's options before the object's annotation before the default of ten minutes. */
export function timeoutOf(operation: Operation, inputs: KubeObject): number {
  if (operation.timeout > 0) return operation.timeout * 1000;
  const seconds = Number.parseInt(annotationOf(inputs, "pulumi.com/timeoutSeconds"), 10);
  return Number.isNaN(seconds) ? DEFAULT_TIMEOUT_MS : seconds * 1000;
}

/** Says each thing once in a row. */
export function statusLine(operation: Operation): (message: string, severity?: Severity) => void {
  let last = "";
  return (message, severity = "info") => {
    if (message === last) return;
    last = message;
    operation.log.status(operation.urn, severity, message);
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The object as it was last seen, together with why it is not as it should be. */
export class NotReady extends Error {
  constructor(
    message: string,
    readonly live: KubeObject,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}
