import { isIP } from "node:net";
import type { ClusterModel } from "../model/types";
import type { PlannedCertificate, PlannedContainer } from "./types";

/** Server certificates for clients: one for each container that terminates a client's TLS, with the names for connecting to it. */
export function planCertificates(model: ClusterModel, containers: PlannedContainer[]): PlannedCertificate[] {
  const bound = [model.bindAddress, ...model.hostnames].filter(
    (a) => !["0.0.0.0", "::", "127.0.0.1", "::1"].includes(a),
  );
  return containers.flatMap(({ name, tlsNames }) =>
    tlsNames === undefined
      ? []
      : [
          {
            name,
            dnsNames: [...new Set([name, "localhost", ...tlsNames, ...bound.filter((one) => isIP(one) === 0)])],
            ipAddresses: [...new Set(["127.0.0.1", "::1", ...bound.filter((one) => isIP(one) !== 0)])],
          },
        ],
  );
}
