import type { ClusterUnits, GatewayUnit, MemberUnit, PlannedContainer, PlannedUnit } from "./types";

/** Units in a plan, or on a platform. */
type UnitsOf<Unit> = { [Kind in keyof ClusterUnits]: readonly Unit[] };

/** All units of a cluster, in the order of creation. */
export const unitsOf = <Unit>({ store, backups, members, gateways, others }: UnitsOf<Unit>): Unit[] => [
  ...store,
  ...backups,
  ...members,
  ...gateways,
  ...others,
];

export const containersOf = (units: readonly PlannedUnit[]): PlannedContainer[] =>
  units.flatMap(({ containers }) => containers);

/** The containers beside a member's Patroni, or beside a gateway's HAProxy and poolers. */
export function sidecarsOf(unit: MemberUnit | GatewayUnit): PlannedContainer[] {
  const main = "patroni" in unit ? [unit.patroni] : [unit.haproxy, ...unit.poolers.map(({ container }) => container)];
  return unit.containers.filter((one) => !main.includes(one));
}
