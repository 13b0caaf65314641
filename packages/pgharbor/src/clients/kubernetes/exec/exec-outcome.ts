import type { ExecResult } from "../../docker/engine";

/** The status that the API server sends at the end of an exec. */
export interface ExecStatus {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

export type ExecOutcome =
  | { kind: "done"; result: ExecResult }
  /** The command did not start: there was no connection to the container, or no running container. */
  | { kind: "not started"; because: "connection" | "container"; reason: string; explained?: Error }
  /** The connection ended while the command ran or may have run. */
  | { kind: "broken"; reason: string };

/** The kubelet's messages for a container that cannot run a command now, but may a moment later. */
const NOT_RUNNING =
  /container not found|not running|is not created or running|stopped container|pod does not exist|no such container|current phase is|current state/i;
const NO_PROGRAM = /executable file not found|no such file or directory|permission denied/i;

/** Only a program that ran has an exit code. Every other outcome is read from the server's message. */
export function outcomeOf(status: ExecStatus, output: { stdout: string; stderr: string }): ExecOutcome {
  if (status.status === "Success") return { kind: "done", result: { code: 0, ...output } };
  const exit = status.details?.causes?.find((cause) => cause.reason === "ExitCode")?.message;
  if (exit !== undefined) return { kind: "done", result: { code: Number(exit), ...output } };
  const reason = status.message ?? "no reason given";
  if (NOT_RUNNING.test(reason)) return { kind: "not started", because: "container", reason };
  // Shells use 127 for a program that does not exist and 126 for one that cannot be run.
  if (/OCI runtime exec failed|failed to start exec/i.test(reason) || NO_PROGRAM.test(reason)) {
    return {
      kind: "done",
      result: { code: /not found|no such file/i.test(reason) ? 127 : 126, ...output, stderr: reason },
    };
  }
  return { kind: "not started", because: "connection", reason };
}
