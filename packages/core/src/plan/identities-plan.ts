import { names } from "../names";
import type { ClusterModel } from "../model/types";
import type { PlannedContainer, PlannedIdentity } from "./types";

/** Client and peer certificates of containers for other parts of the cluster. */
export const planIdentities = (containers: PlannedContainer[]): PlannedIdentity[] =>
  containers.flatMap((container) => [...ownIdentity(container), ...backupIdentity(container)]);

function ownIdentity({ name: container, identity }: PlannedContainer): PlannedIdentity[] {
  if (identity === undefined) return [];
  const { authority, role } = identity;
  const name = names.identity(container);
  return [role === "client" ? client(name, authority) : { name, authority, ...serverNames(container) }];
}

/** Each side of pgBackRest is a server and a client of the other one. */
const backupIdentity = ({ name: container, backups }: PlannedContainer): PlannedIdentity[] =>
  backups === true
    ? [
        {
          name: names.backupIdentity(container),
          authority: "backups",
          commonName: container,
          ...serverNames(container),
        },
      ]
    : [];

const serverNames = (container: string) => ({
  dnsNames: [container, "localhost"],
  ipAddresses: ["127.0.0.1", "::1"],
});

/** On Kubernetes, if monitoring clients are configured: members answer no client without a certificate. */
export const planMonitoring = ({ name, monitored }: ClusterModel): PlannedIdentity[] =>
  monitored ? [client(names.monitoring(name), "checks")] : [];

const client = (name: string, authority: PlannedIdentity["authority"]): PlannedIdentity => ({
  name,
  authority,
  dnsNames: [],
  ipAddresses: [],
});
