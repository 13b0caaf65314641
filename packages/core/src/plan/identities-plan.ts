import { names } from "../names";
import type { ClusterModel } from "../model/types";
import type { PlannedContainer, PlannedIdentity } from "./types";

/** What each container proves itself with to other parts of the cluster. Poolers have none: they know passwords. */
export const planIdentities = (containers: PlannedContainer[]): PlannedIdentity[] =>
  containers.flatMap((container) => identityOf(container) ?? []);

/** On Kubernetes, where a person names what asks members for metrics: without a certificate they answer nobody. */
export const planMonitoring = ({ name, monitored }: ClusterModel): PlannedIdentity[] =>
  monitored ? [client(names.monitoring(name), "checks")] : [];

function identityOf({ name: container, program }: PlannedContainer): PlannedIdentity | undefined {
  const name = names.identity(container);
  switch (program) {
    case "etcd":
      // A server, a peer, and by its JSON gateway a client of itself.
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
