import * as pulumi from "@pulumi/pulumi";
import {
  connectionPaths,
  fitsServiceFile,
  renderConnectionJson,
  renderPgServiceConf,
  type ServiceConnection,
} from "@pgharbor/core";
import { postgresUri } from "../../outputs/connection-strings";
import { invalidArgs } from "../../outputs/problems";
import type { ServiceFile } from "../../platform/platform";

/** The files with a supporting service's connection: one file for each format. */
export function connectionFiles(
  subject: string,
  connection: pulumi.Output<ServiceConnection>,
  caCertificate: pulumi.Input<string>,
): ServiceFile[] {
  const secret = (render: (parts: ServiceConnection) => string) => pulumi.secret(connection.apply(render));
  const uri = (parts: ServiceConnection) => postgresUri({ ...parts, sslRootCert: connectionPaths.caCertificate });
  const serviceFile = (parts: ServiceConnection) => {
    if (!fitsServiceFile(parts.password)) throw invalidArgs(subject, [{ path: "connectAs", message: BLANK_AT_END }]);
    return renderPgServiceConf(parts);
  };
  return [
    { path: connectionPaths.uri, content: secret(uri) },
    { path: connectionPaths.serviceFile, content: secret(serviceFile) },
    { path: connectionPaths.json, content: secret(renderConnectionJson) },
    { path: connectionPaths.caCertificate, content: caCertificate },
  ];
}

const BLANK_AT_END =
  "has a password that ends in a blank, which pg_service.conf cannot hold; give the user another password";
