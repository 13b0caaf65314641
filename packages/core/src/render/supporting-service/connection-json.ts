import { connectionPaths } from "../../spec";
import { toJson } from "../text/json";
import type { ServiceConnection } from "./pg-service-conf";

/** For programs that read the parts of a connection instead of a string. */
export function renderConnectionJson({ targetSessionAttrs = "any", ...parts }: ServiceConnection): string {
  return toJson({ ...parts, sslMode: "verify-full", sslRootCert: connectionPaths.caCertificate, targetSessionAttrs });
}
