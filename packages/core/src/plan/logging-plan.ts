import type { LoggingSpec } from "../spec";
import { definedOnly } from "./defined-only";

export const planLogging = (logging?: LoggingSpec): Required<LoggingSpec> => ({
  connections: true,
  disconnections: true,
  replicationCommands: true,
  clientInApplicationName: false,
  ...definedOnly(logging),
});
