import { outcomeOf } from "./exec-outcome";

const output = { stdout: "out", stderr: "err" };
const failed = (message: string) => outcomeOf({ status: "Failure", message }, output);

describe("the outcome of an exec", () => {
  it("takes the exit code from the status", () => {
    expect(outcomeOf({ status: "Success" }, output)).toEqual({ kind: "done", result: { code: 0, ...output } });
    const status = { status: "Failure", details: { causes: [{ reason: "ExitCode", message: "7" }] } };
    expect(outcomeOf(status, output)).toEqual({ kind: "done", result: { code: 7, ...output } });
  });

  it.each([
    'Internal error occurred: unable to upgrade connection: container not found ("patroni")',
    "Internal error occurred: error executing command in container: container is not created or running",
    "unable to upgrade connection: pod does not exist",
    "cannot exec in a stopped container",
  ])("waits for a container: %s", (message) => {
    expect(failed(message)).toMatchObject({ kind: "not started", because: "container" });
  });

  it("is tried again if the node was unreachable", () => {
    const message = "error dialing backend: dial tcp 10.0.0.1:10250: connect: connection refused";
    expect(failed(message)).toMatchObject({ kind: "not started", because: "connection" });
  });

  it("has a shell's exit code for a missing program", () => {
    const message =
      'error executing command in container: failed to exec in container: failed to start exec "1": OCI runtime exec failed: ' +
      'exec failed: unable to start container process: exec: "nothing": executable file not found in $PATH: unknown';
    expect(failed(message)).toMatchObject({ kind: "done", result: { code: 127, stderr: message } });
  });
});
