import type { LoggingSpec } from "../spec";
import { definedOnly } from "../spec/defined-only";

export const resolveLogging = (logging?: LoggingSpec): Required<LoggingSpec> => ({
  connections: true,
  disconnections: true,
  replicationCommands: true,
  clientInApplicationName: false,
  ...definedOnly(logging),
});
