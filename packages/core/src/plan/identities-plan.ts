import { names } from "../names";
import type { ClusterModel } from "../model/types";
import type { PlannedContainer, PlannedIdentity } from "./types";

/** Client and peer certificates of containers for other parts of the cluster. Poolers have none: they use passwords. */
export const planIdentities = (containers: PlannedContainer[]): PlannedIdentity[] =>
  containers.flatMap((container) => identityOf(container) ?? []);

/** On Kubernetes, if monitoring clients are configured: members answer no client without a certificate. */
export const planMonitoring = ({ name, monitored }: ClusterModel): PlannedIdentity[] =>
  monitored ? [client(names.monitoring(name), "checks")] : [];

function identityOf({ name: container, program }: PlannedContainer): PlannedIdentity | undefined {
  const name = names.identity(container);
  switch (program) {
    case "etcd":
      // etcd is a server, a peer, and through its JSON gateway a client of itself.
      return { name, authority: "store", dnsNames: [container, "localhost"], ipAddresses: ["127.0.0.1", "::1"] };
    case "patroni":
      return client(name, "members");
    case "haproxy":
      return client(name, "checks");
    case "pgbouncer":
      return undefined;
  }
}

const client = (name: string, authority: PlannedIdentity["authority"]): PlannedIdentity => ({
  name,
  authority,
  dnsNames: [],
  ipAddresses: [],
});
