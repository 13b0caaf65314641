import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export type Severity = "debug" | "info" | "warning" | "error";

/** Lines that the engine shows beside a resource. */
export class EngineLog {
  private readonly client: EngineClient | undefined;

  /** @param address of the engine, the last argument that it starts a plugin with. */
  constructor(address: string | undefined) {
    if (address) this.client = new EngineClient(address, credentials.createInsecure());
  }

  log(urn: string, severity: Severity, message: string): void {
    this.send(urn, severity, message, false);
  }

  /** Shown while the operation runs, replaced by the next one. */
  status(urn: string, severity: Severity, message: string): void {
    this.send(urn, severity, message, true);
  }

  private send(urn: string, severity: Severity, message: string, ephemeral: boolean): void {
    const request = new LogRequest()
      .setUrn(urn)
      .setSeverity(LogSeverity[severity.toUpperCase() as "DEBUG" | "INFO" | "WARNING" | "ERROR"])
      .setMessage(message)
      .setEphemeral(ephemeral);
    // A line that does not arrive is no reason to fail.
    this.client?.log(request, () => undefined);
  }
}
