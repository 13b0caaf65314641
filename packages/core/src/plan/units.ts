import type { ClusterUnits, PlannedContainer, PlannedUnit } from "./types";

/** Units in a plan, or on a platform. */
type UnitsOf<Unit> = { [Kind in keyof ClusterUnits]: readonly Unit[] };

/** All units of a cluster, in the order of creation. */
export const unitsOf = <Unit>({ store, members, gateways, others }: UnitsOf<Unit>): Unit[] => [
  ...store,
  ...members,
  ...gateways,
  ...others,
];

export const containersOf = (units: readonly PlannedUnit[]): PlannedContainer[] =>
  units.flatMap(({ containers }) => containers);
